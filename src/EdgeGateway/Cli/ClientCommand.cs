using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway client list</c>, <c>show</c>, <c>queue</c>, <c>kick</c>: the MQTT clients.</summary>
internal static class ClientCommand
{
    public static Command Create(GlobalOptions globals) => new("client", "MQTT clients: who is there, what waits for them")
    {
        List(globals), Show(globals), Queue(globals), Kick(globals),
    };

    private static Argument<string> ClientId() => new("CLIENT") { Description = "Client id" };

    private static Command List(GlobalOptions globals) => new Command("list", "All clients, connected or away with a session").Runs(globals, static async (context, cancellationToken) =>
    {
        var clients = await context.Gateway.GetAsync("edge/v1/clients", cancellationToken);
        if (context.Json)
            context.Output.Json(clients);
        else
            context.Output.Table(
                clients, ("CLIENT", Cell.Of("clientId")), ("CONNECTED", Cell.Of("connected")), ("ADDRESS", Cell.Of("address")), ("PROTOCOL", Cell.Of("protocol")),
                ("PRINCIPAL", Cell.Of("principal")), ("FILTERS", Cell.Of("subscriptions")), ("QUEUED", Cell.Of("queued")), ("IN FLIGHT", Cell.Of("inFlight")));
    });

    private static Command Show(GlobalOptions globals)
    {
        var id = ClientId();
        return new Command("show", "One client, with its subscriptions") { id }.Runs(globals, async (context, cancellationToken) =>
        {
            var client = await context.Gateway.GetAsync($"edge/v1/clients/{Uri.EscapeDataString(context.Get(id))}", cancellationToken);
            if (context.Json)
            {
                context.Output.Json(client);
                return;
            }
            context.Output.Facts([.. client.GetProperty("client").EnumerateObject().Select(static fact => (fact.Name, Cell.Text(fact.Value))),
                ("persistent", Cell.Text(client, "persistent")), ("queuedBytes", Cell.Text(client, "queuedBytes")), ("dropped", Cell.Text(client, "dropped"))]);
            context.Output.Line("");
            context.Output.Table(client.GetProperty("filters"), ("FILTER", Cell.Of("filter")), ("QOS", Cell.Of("qos")), ("NO LOCAL", Cell.Of("noLocal")), ("IDENTIFIER", Cell.Of("identifier")));
        });
    }

    private static Command Queue(GlobalOptions globals)
    {
        var id = ClientId();
        var limit = new Option<int>("--limit") { Description = "Waiting messages to show", DefaultValueFactory = static _ => 100 };
        return new Command("queue", "Messages in flight to a client and waiting for it") { id, limit }.Runs(globals, async (context, cancellationToken) =>
        {
            var queue = await context.Gateway.GetAsync($"edge/v1/clients/{Uri.EscapeDataString(context.Get(id))}/queue?limit={context.Get(limit)}", cancellationToken);
            if (context.Json)
                context.Output.Json(queue);
            else
                context.Output.Table(queue, ("STATE", Cell.Of("state")), ("ID", Cell.Of("packetIdentifier")), ("QOS", Cell.Of("qos")), ("BYTES", Cell.Of("payloadBytes")), ("TOPIC", Cell.Of("topic")));
        });
    }

    private static Command Kick(GlobalOptions globals)
    {
        var id = ClientId();
        var keep = new Option<bool>("--keep-session") { Description = "End the connection only" };
        var noWill = new Option<bool>("--no-will") { Description = "Do not publish its will" };
        return new Command("kick", "Disconnect a client and forget its session") { id, keep, noWill }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = $"session={(context.Get(keep) ? "false" : "true")}&will={(context.Get(noWill) ? "false" : "true")}";
            await context.Gateway.DeleteAsync($"edge/v1/clients/{Uri.EscapeDataString(context.Get(id))}?{query}", cancellationToken);
        });
    }
}
