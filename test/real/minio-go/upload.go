// Uploads a file by minio-go, whose chunks and trailers are signed over plain http: in parts of 5 MiB
// where it is larger than one.
//
//	upload ENDPOINT FILE [HEADER VALUE]; the keys and the region come from the environment.
//
// What S3 answers to it is printed, where it is an error, as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func main() {
	log.SetFlags(0)
	client, err := minio.New(os.Args[1], &minio.Options{
		Creds: credentials.NewStaticV4(
			os.Getenv("AWS_ACCESS_KEY_ID"),
			os.Getenv("AWS_SECRET_ACCESS_KEY"),
			os.Getenv("AWS_SESSION_TOKEN"),
		),
		Region:          os.Getenv("AWS_DEFAULT_REGION"),
		TrailingHeaders: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	minio.MaxRetry = 1
	options := minio.PutObjectOptions{PartSize: 5 * 1024 * 1024}
	if len(os.Args) > 4 {
		options.UserMetadata = map[string]string{os.Args[3]: os.Args[4]}
	}
	if _, err = client.FPutObject(context.Background(), "bucket", "key", os.Args[2], options); err != nil {
		answer, _ := json.Marshal(minio.ToErrorResponse(err))
		log.Fatal(string(answer))
	}
}
