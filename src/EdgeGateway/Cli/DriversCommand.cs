using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway drivers [NAME]</c>: the chips supported. Part of the program, so no gateway need run.</summary>
internal static class DriversCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME") { Description = "One driver: what it reads, takes and is wired like", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = static _ => "" };
        return new Command("drivers", "The chips supported: bus, addresses, readings, options") { name }.Runs(globals, (context, _) =>
        {
            if (context.Get(name) is { Length: > 0 } wanted)
                One(context, wanted);
            else
                List(context);
            return Task.CompletedTask;
        });
    }

    private static void List(CommandContext context)
    {
        var drivers = JsonSerializer.SerializeToElement(DriverResponse.All(), ApiJson.Default.DriverResponseArray);
        if (context.Json)
            context.Output.Json(drivers);
        else
            context.Output.Table(drivers, ("DRIVER", Cell.Of("name")), ("BUS", Cell.Of("bus")), ("ADDRESSES", Addresses), ("VALUES", Values), ("WHAT IT IS", Cell.Of("description")));
    }

    private static void One(CommandContext context, string name)
    {
        var found = DriverResponse.All().FirstOrDefault(driver => driver.Name == name)
            ?? throw new CommandFailedException($"there is no driver '{name}'; 'edgegateway drivers' lists them");
        var driver = JsonSerializer.SerializeToElement(found, ApiJson.Default.DriverResponse);
        if (context.Json)
        {
            context.Output.Json(driver);
            return;
        }

        var output = context.Output;
        output.Line($"{found.Chip}: {found.Description}");
        output.Facts(("bus", found.Bus), ("addresses", Addresses(driver)), ("wiring", found.Wiring), ("accuracy", found.Accuracy), ("datasheet", found.Datasheet));
        Section(output, driver, "options", ("OPTION", Cell.Of("name")), ("DEFAULT", Cell.Of("default")), ("TAKES", Cell.Of("expects")), ("MEANING", Cell.Of("description")));
        Section(output, driver, "readings", ("READING", Cell.Of("name")), ("UNIT", Cell.Of("unit")), ("MEANING", Cell.Of("description")));
        Section(output, driver, "states", ("STATE", Cell.Of("name")), ("UNIT", Cell.Of("unit")), ("MEANING", Cell.Of("description")));
        Section(output, driver, "events", ("EVENT", Cell.Of("name")), ("MEANING", Cell.Of("description")));
        foreach (var note in found.Notes)
            output.Line($"- {note}");
    }

    private static void Section(Output output, JsonElement driver, string member, params ReadOnlySpan<(string Header, Func<JsonElement, string> Cell)> columns)
    {
        var rows = driver.GetProperty(member);
        if (rows.GetArrayLength() == 0)
            return;
        output.Line("");
        output.Table(rows, columns);
    }

    private static string Addresses(JsonElement driver)
    {
        var all = Words(driver, "addresses");
        return all.Length <= 4 ? string.Join(' ', all) : $"{all.Order(StringComparer.Ordinal).First()}..{all.Order(StringComparer.Ordinal).Last()}";
    }

    private static string Values(JsonElement driver)
    {
        var names = (string[])[.. Names(driver, "readings"), .. Names(driver, "states").Except(Names(driver, "readings"))];
        return names.Length <= 5 ? string.Join(' ', names) : $"{string.Join(' ', names[..4])} … ({names.Length})";
    }

    private static string[] Words(JsonElement element, string member) => [.. element.GetProperty(member).EnumerateArray().Select(static word => word.GetString()!)];

    private static IEnumerable<string> Names(JsonElement element, string member) => element.GetProperty(member).EnumerateArray().Select(static value => value.GetProperty("name").GetString()!);
}
