package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/disgoorg/disgo"
	"github.com/disgoorg/disgo/bot"
	"github.com/disgoorg/disgo/events"
	"github.com/disgoorg/disgo/gateway"
	"github.com/disgoorg/disgo/rest"
)

func main() {
	client, err := disgo.New(os.Getenv("DISCORD_TOKEN"),
		bot.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))),
		bot.WithRestClientConfigOpts(rest.WithURL(os.Getenv("GATECHART_REST")+"/v10")),
		bot.WithGatewayConfigOpts(
			gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMessages),
		),
		bot.WithEventListenerFunc(func(*events.Ready) { fmt.Println("READY") }),
		bot.WithEventListenerFunc(func(event *events.MessageCreate) { fmt.Println("MSG", event.MessageID) }),
	)
	if err != nil {
		log.Fatal(err)
	}
	if err := client.OpenGateway(context.Background()); err != nil {
		log.Fatal(err)
	}
	select {}
}
