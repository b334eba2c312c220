package main

import (
	"fmt"
	"log"
	"os"

	"github.com/bwmarrin/discordgo"
)

func main() {
	// Variables of the package; what is derived from them is not derived again.
	discordgo.EndpointGateway = os.Getenv("API_URL") + "/v" + discordgo.APIVersion + "/gateway"

	session, err := discordgo.New("Bot " + os.Getenv("BOT_TOKEN"))
	if err != nil {
		log.Fatal(err)
	}
	session.Identify.Intents = discordgo.IntentGuilds | discordgo.IntentGuildMessages | discordgo.IntentMessageContent
	session.LogLevel = discordgo.LogWarning
	session.SyncEvents = true // or else each handler runs in a goroutine of its own, in any order
	session.AddHandler(func(*discordgo.Session, *discordgo.Ready) { fmt.Println("READY") })
	session.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { fmt.Println("RESUMED") })
	session.AddHandler(func(_ *discordgo.Session, message *discordgo.MessageCreate) {
		fmt.Println("MSG", message.Content)
	})
	if err := session.Open(); err != nil {
		log.Fatal(err)
	}
	select {}
}
