using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway sensors</c>: what is wired to the header.</summary>
internal static class SensorsCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the sensor" };
        var adopt = new Option<bool>("--adopt") { Description = "Make things of what is found beyond doubt and not configured" };
        var command = new Command("sensors", "What is wired to the header, and how it fares")
        {
            new Command("list", "What is configured: state, values, what is wrong").Runs(globals, ListAsync),
            new Command("scan", "Look at every bus; nothing is written but what identifies a chip").Runs(globals, (context, cancellationToken) => ScanAsync(context, context.Get(adopt), cancellationToken)),
            new Command("read", "Take one reading now") { name }.Runs(globals, (context, cancellationToken) => ReadAsync(context, context.Get(name), cancellationToken)),
        };
        command.Subcommands.Single(static sub => sub.Name == "scan").Add(adopt);
        foreach (var more in SensorsAdoptCommand.Create(globals))
            command.Add(more);
        return command;
    }

    private static async Task ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var devices = await context.Gateway.GetAsync("edge/v1/wired", cancellationToken);
        if (context.Json)
            context.Output.Json(devices);
        else
            context.Output.Table(devices, ("NAME", Cell.Of("name")), ("DRIVER", Cell.Of("driver")), ("WHERE", Where), ("STATE", Cell.Of("state")), ("VALUES", Values), ("RESTARTS", Cell.Of("restarts")), ("PROBLEM", Problem));
    }

    private static async Task ScanAsync(CommandContext context, bool adopts, CancellationToken cancellationToken)
    {
        var found = await context.Gateway.PostAsync("edge/v1/wired/scan", "", cancellationToken);
        if (adopts)
        {
            await TellProblemsAsync(context, found);
            await SensorsAdoptCommand.AdoptAllAsync(context, cancellationToken);
            return;
        }
        if (context.Json)
        {
            context.Output.Json(found.GetProperty("devices"));
            return;
        }
        context.Output.Table(found.GetProperty("devices"),
            ("BUS", Cell.Of("bus")), ("ADDRESS", Cell.Of("address")), ("CHIP", Chip), ("DRIVER", Cell.Of("driver")), ("CERTAINTY", Cell.Of("confidence")), ("WHY", Cell.Of("reason")), ("NOTE", Cell.Of("warnings")));
        await TellProblemsAsync(context, found);
    }

    private static async Task TellProblemsAsync(CommandContext context, JsonElement found)
    {
        foreach (var problem in found.GetProperty("problems").EnumerateArray())
            await context.Error.WriteLineAsync($"edgegateway: {problem.GetString()}");
    }

    private static async Task ReadAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var reading = await context.Gateway.PostAsync($"edge/v1/wired/{Uri.EscapeDataString(name)}/read", "", cancellationToken);
        if (context.Json)
            context.Output.Json(reading);
        else
            context.Output.Facts([.. reading.GetProperty("values").EnumerateObject().Select(value => (value.Name, WithUnit(reading, value))), ("quality", Cell.Text(reading, "quality"))]);
    }

    private static string Problem(JsonElement device) => Cell.Text(device, "error") is var error and not "-" ? error : Cell.Text(device, "waiting") is var waiting and not "-" ? $"waits: {waiting}" : "-";

    private static string Where(JsonElement device) => Cell.Text(device, "pin") is var pin and not "-" ? $"GPIO{pin}"
        : Cell.Text(device, "address") is var address and not "-" ? $"{Cell.Text(device, "bus")} {address}" : Cell.Text(device, "bus");

    private static string Values(JsonElement device) =>
        string.Join(", ", device.GetProperty("values").EnumerateObject().Select(value => $"{value.Name} {WithUnit(device, value)}")) is { Length: > 0 } all ? all : "-";

    private static string WithUnit(JsonElement owner, JsonProperty value) =>
        owner.GetProperty("units").TryGetProperty(value.Name, out var unit) && unit.GetString() is { Length: > 0 } text ? $"{Cell.Text(value.Value)} {text}" : Cell.Text(value.Value);

    private static string Chip(JsonElement found) => Cell.Text(found, "configuredAs") is var configured and not "-" ? $"{configured} (configured)" : Cell.Text(found, "chip");
}
