"""Prints, as JSON, the endpoint names of botocore's rules and of its list, with what is signed there."""

import json
import re
import sys
from urllib.parse import urlsplit

from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

loader = Loader()
services = {
    name: loader.load_service_model(name, "service-2")["metadata"]
    for name in loader.list_available_services("service-2")
}


def signing_name(metadata):
    return metadata.get("signingName", metadata["endpointPrefix"])


def signs(metadata):
    return metadata.get("signatureVersion") in ("v4", "s3", "s3v4")


def of_the_rules():
    partitions = loader.load_data("partitions")
    regions = [
        region
        for partition in partitions["partitions"]
        for region in partition["regions"]
        if not region.endswith("-global")
    ]
    for name, metadata in services.items():
        if not signs(metadata):
            continue
        rules = loader.load_service_model(name, "endpoint-rule-set-1")
        provider = EndpointProvider(rules, partitions)
        for region in regions:
            for fips in (False, True):
                for dual in (False, True):
                    asked = {"Region": region, "UseFIPS": fips, "UseDualStack": dual}
                    try:
                        endpoint = provider.resolve_endpoint(
                            **{k: v for k, v in asked.items() if k in rules["parameters"]}
                        )
                    except EndpointProviderError:
                        continue
                    scheme = (endpoint.properties.get("authSchemes") or [{}])[0]
                    yield (
                        urlsplit(endpoint.url).hostname,
                        scheme.get("signingName", signing_name(metadata)),
                        scheme.get("signingRegion", region),
                    )


def of_the_list():
    names = {}
    for metadata in services.values():
        if signs(metadata):
            names.setdefault(metadata["endpointPrefix"], set()).add(signing_name(metadata))
    for partition in loader.load_data("endpoints")["partitions"]:
        is_region = re.compile(partition["regionRegex"])
        for prefix, service in partition["services"].items():
            common = [service.get("defaults", {}), partition["defaults"]]
            for key, own in service["endpoints"].items():
                said = {**common[1], **common[0], **own}
                scope = said.get("credentialScope", {})
                region = scope.get("region", key if is_region.match(key) else None)
                if own.get("deprecated") or prefix not in names or not region:
                    continue
                hosts = [(said["hostname"], partition["dnsSuffix"])]
                for variant in own.get("variants", []):
                    alike = [
                        it
                        for where in [own, *common]
                        for it in where.get("variants", [])
                        if it["tags"] == variant["tags"]
                    ]
                    merged = {k: v for it in reversed(alike) for k, v in it.items()}
                    hosts.append(
                        (merged["hostname"], merged.get("dnsSuffix", partition["dnsSuffix"]))
                    )
                for host, suffix in hosts:
                    told = host.format(service=prefix, region=key, dnsSuffix=suffix)
                    for name in [scope["service"]] if "service" in scope else names[prefix]:
                        yield told.split(":")[0], name, region


json.dump(
    {"rules": sorted(set(of_the_rules())), "list": sorted(set(of_the_list()))}, sys.stdout
)
