using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway demo</c>: breaks what is simulated, to see what the gateway makes of it.</summary>
internal static class DemoCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var device = new Argument<string>("DEVICE") { Description = "Name of a simulated chip's device: room, air, analogue, outside" };
        var fault = new Argument<string>("FAULT") { Description = "unplug, replug, hang, noise, garbage, checksum, bus-error, stuck, stuck-bus" };
        var seconds = new Option<double?>("--seconds") { Description = "Hold it so long", HelpName = "N" };
        var celsius = new Argument<double>("CELSIUS") { Description = "What the room has from now on" };
        return new Command("demo", "The simulated header of --demo")
        {
            new Command("fault", "Break a simulated chip, or plug it in again") { device, fault }.Runs(globals, (context, cancellationToken) => FaultAsync(context, new(context.Get(device), context.Get(fault)), cancellationToken)),
            new Command("press", "Press the button") { seconds }.Runs(globals, async (context, cancellationToken) =>
            {
                await context.Gateway.PostAsync($"edge/v1/demo/press{(context.Get(seconds) is { } held ? string.Create(CultureInfo.InvariantCulture, $"?seconds={held}") : "")}", "", cancellationToken);
                context.Done("pressed");
            }),
            new Command("warm", "Set the room's temperature") { celsius }.Runs(globals, async (context, cancellationToken) =>
            {
                await context.Gateway.PostAsync(string.Create(CultureInfo.InvariantCulture, $"edge/v1/demo/warm?celsius={context.Get(celsius)}"), "", cancellationToken);
                context.Done(string.Create(CultureInfo.InvariantCulture, $"the room has {context.Get(celsius)} °C"));
            }),
        };
    }

    private static async Task FaultAsync(CommandContext context, DemoFaultRequest request, CancellationToken cancellationToken)
    {
        await context.Gateway.PostAsync("edge/v1/demo/fault", JsonSerializer.Serialize(request, ApiJson.Default.DemoFaultRequest), cancellationToken);
        context.Done($"{request.Device}: {request.Fault}");
    }
}
