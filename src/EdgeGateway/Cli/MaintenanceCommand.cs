using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway maintenance on</c>, <c>off</c>: sends MQTT clients elsewhere for a while.</summary>
internal static class MaintenanceCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var redirect = new Option<string?>("--redirect") { Description = "Server that MQTT 5 clients are sent to, such as other.local:8883" };
        var on = new Command("on", "Close all clients and let none in") { redirect }.Runs(globals, (context, cancellationToken) =>
            context.Gateway.PutAsync("edge/v1/maintenance", new JsonObject { ["redirect"] = context.Get(redirect) }.ToJsonString(), cancellationToken));
        var off = new Command("off", "Let clients in again").Runs(globals, static (context, cancellationToken) => context.Gateway.DeleteAsync("edge/v1/maintenance", cancellationToken));
        return new("maintenance", "Send MQTT clients elsewhere for a while") { on, off };
    }
}
