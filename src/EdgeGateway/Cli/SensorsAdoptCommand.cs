using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway sensors adopt</c>, <c>proposals</c>, <c>remove</c>: chips that are found become things.</summary>
internal static class SensorsAdoptCommand
{
    private static readonly string[] Certain = ["certain", "likely"];

    public static IEnumerable<Command> Create(GlobalOptions globals)
    {
        yield return new Command("proposals", "Chips that were found and are not configured").Runs(globals, ProposalsAsync);
        yield return Adopt(globals);
        var name = new Argument<string>("NAME") { Description = "Name of an adopted device" };
        yield return new Command("remove", "End an adopted device and forget it; its thing and shadow stay") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"edge/v1/wired/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            context.Done($"removed {context.Get(name)}");
        });
    }

    /// <summary>Adopts every chip of the last scan that is beyond doubt.</summary>
    public static async Task AdoptAllAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var proposals = await context.Gateway.GetAsync("edge/v1/wired/proposals", cancellationToken);
        var adopted = new JsonArray();
        foreach (var proposal in proposals.EnumerateArray())
        {
            var id = proposal.GetProperty("id").GetString()!;
            if (!Certain.Contains(proposal.GetProperty("confidence").GetString()) || proposal.GetProperty("others").GetArrayLength() > 0)
            {
                await context.Error.WriteLineAsync($"edgegateway: {id} is left out: say what it is with 'edgegateway sensors adopt {id} --driver {proposal.GetProperty("driver").GetString()}'");
                continue;
            }
            try
            {
                var device = await context.Gateway.PostAsync("edge/v1/wired", new JsonObject { ["proposal"] = id }.ToJsonString(), cancellationToken);
                adopted.Add(JsonNode.Parse(device.GetRawText()));
            }
            catch (CommandFailedException ex)
            {
                await context.Error.WriteLineAsync($"edgegateway: {id} is not adopted: {ex.Message}");
            }
        }
        if (context.Json)
            context.Output.Json(adopted.ToElement());
        else
            context.Output.Line(adopted.Count == 0 ? "nothing was adopted" : $"adopted {string.Join(", ", adopted.Select(static device => device!["name"]!.GetValue<string>()))}");
    }

    private static Command Adopt(GlobalOptions globals)
    {
        var proposal = new Argument<string?>("PROPOSAL") { Description = "Where it was found: i2c-1/0x76, or a 1-Wire ROM; absent: a device that cannot be found, by --driver", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = static _ => null };
        var name = new Option<string?>("--name") { Description = "Name of the thing", HelpName = "NAME" };
        var driver = new Option<string?>("--driver") { Description = "One of 'edgegateway drivers'", HelpName = "DRIVER" };
        var interval = new Option<string?>("--interval") { Description = "Time between readings", HelpName = "DURATION" };
        var settings = new Option<string[]>("--option") { Description = "Any key of an entry of sensors or outputs; may be repeated", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };
        var force = new Option<bool>("--force") { Description = "Adopt it even if it cannot be read now" };
        return new Command("adopt", "Make a thing of a device; it survives a restart") { proposal, name, driver, interval, settings, force }.Runs(globals, async (context, cancellationToken) =>
        {
            var definition = new JsonObject();
            Put(definition, "proposal", context.Get(proposal));
            Put(definition, "name", context.Get(name));
            Put(definition, "driver", context.Get(driver));
            Put(definition, "interval", context.Get(interval));
            foreach (var setting in context.Get(settings) ?? [])
            {
                var equals = setting.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                    throw new CommandFailedException($"--option {setting}: expected KEY=VALUE", ExitCodes.Usage);
                definition[setting[..equals]] = setting[(equals + 1)..];
            }
            if (context.Get(force))
                definition["force"] = true;
            var device = await context.Gateway.PostAsync("edge/v1/wired", definition.ToJsonString(), cancellationToken);
            context.Done($"adopted {Cell.Text(device, "name")} ({Cell.Text(device, "driver")})", device);
        });
    }

    private static async Task ProposalsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var proposals = await context.Gateway.GetAsync("edge/v1/wired/proposals", cancellationToken);
        if (context.Json)
            context.Output.Json(proposals);
        else
            context.Output.Table(proposals, ("PROPOSAL", Cell.Of("id")), ("CHIP", Cell.Of("chip")), ("DRIVER", Cell.Of("driver")), ("CERTAINTY", Cell.Of("confidence")), ("NAME", Cell.Of("name")), ("SINCE", Cell.Of("since")));
    }

    private static void Put(JsonObject definition, string key, string? value)
    {
        if (value is not null)
            definition[key] = value;
    }
}
