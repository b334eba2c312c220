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
	client, err := disgo.New(os.Getenv("BOT_TOKEN"),
		bot.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))),
		bot.WithRestClientConfigOpts(rest.WithURL(os.Getenv("API_URL")+"/v10")),
		bot.WithGatewayConfigOpts(
			gateway.WithIntents(gateway.IntentGuilds, gateway.IntentGuildMessages, gateway.IntentMessageContent),
		),
		bot.WithEventListenerFunc(func(*events.Ready) { fmt.Println("READY") }),
		bot.WithEventListenerFunc(func(event *events.MessageCreate) { fmt.Println("MSG", event.Message.Content) }),
	)
	if err != nil {
		log.Fatal(err)
	}
	if err := client.OpenGateway(context.Background()); err != nil {
		log.Fatal(err)
	}
	select {}
}
