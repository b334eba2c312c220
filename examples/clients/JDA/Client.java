import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.message.MessageReceivedEvent;
import net.dv8tion.jda.api.events.session.ReadyEvent;
import net.dv8tion.jda.api.events.session.SessionResumeEvent;
import net.dv8tion.jda.api.hooks.ListenerAdapter;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.ConcurrentSessionController;

class Client extends ListenerAdapter {
    public static void main(String[] args) {
        JDABuilder.createDefault(System.getenv("DISCORD_TOKEN"))
                .setRestConfig(new RestConfig().setBaseUrl(System.getenv("GATECHART_REST") + "/v10/"))
                .setSessionController(new Controller())
                .addEventListeners(new Client())
                .build();
    }

    /** JDA does not ask the API for the Gateway's URL, but the controller that its shards share. */
    static class Controller extends ConcurrentSessionController {
        @Override
        public String getGateway() {
            return System.getenv("GATECHART_GATEWAY");
        }
    }

    @Override
    public void onReady(ReadyEvent event) {
        System.out.println("READY");
    }

    @Override
    public void onSessionResume(SessionResumeEvent event) {
        System.out.println("RESUMED");
    }

    @Override
    public void onMessageReceived(MessageReceivedEvent event) {
        System.out.println("MSG " + event.getMessageId());
    }
}
