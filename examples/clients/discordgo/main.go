package main

import (
	"fmt"
	"log"
	"os"

	"github.com/bwmarrin/discordgo"
)

func main() {
	// Variables of the package; what is derived from them is not derived again.
	discordgo.EndpointGateway = os.Getenv("GATECHART_REST") + "/v" + discordgo.APIVersion + "/gateway"

	session, err := discordgo.New("Bot " + os.Getenv("DISCORD_TOKEN"))
	if err != nil {
		log.Fatal(err)
	}
	session.Identify.Intents = discordgo.IntentGuilds | discordgo.IntentGuildMessages
	session.LogLevel = discordgo.LogWarning
	session.SyncEvents = true // or else each handler runs in a goroutine of its own, in any order
	session.AddHandler(func(*discordgo.Session, *discordgo.Ready) { fmt.Println("READY") })
	session.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { fmt.Println("RESUMED") })
	session.AddHandler(func(_ *discordgo.Session, message *discordgo.MessageCreate) {
		fmt.Println("MSG", message.ID)
	})
	if err := session.Open(); err != nil {
		log.Fatal(err)
	}
	select {}
}
