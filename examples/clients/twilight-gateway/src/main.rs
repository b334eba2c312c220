use std::env;
use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let crypto = rustls::crypto::ring::default_provider();
    crypto.install_default().expect("the first provider");

    let token = env::var("DISCORD_TOKEN").expect("DISCORD_TOKEN");
    let gateway = env::var("GATECHART_GATEWAY").expect("GATECHART_GATEWAY");
    let intents = Intents::GUILDS | Intents::GUILD_MESSAGES;
    let config = ConfigBuilder::new(token, intents).proxy_url(gateway).build();
    let mut shard = Shard::with_config(ShardId::ONE, config);

    while let Some(event) = shard.next_event(EventTypeFlags::all()).await {
        match event {
            Ok(Event::Ready(_)) => println!("READY"),
            Ok(Event::Resumed) => println!("RESUMED"),
            Ok(Event::MessageCreate(message)) => println!("MSG {}", message.id),
            Ok(_) => {}
            Err(error) => eprintln!("{error:?}"),
        }
    }
}
