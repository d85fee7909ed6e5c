// Uploads a file in parts of 5 MiB by minio-go, whose chunks and trailers are signed over plain http.
//
//	upload ENDPOINT FILE; the keys and the region come from the environment.
package main

import (
	"context"
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
	if _, err = client.FPutObject(context.Background(), "bucket", "key", os.Args[2], options); err != nil {
		log.Fatal(err)
	}
}
