using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway thing</c>: the things of the registry.</summary>
internal static class ThingCommand
{
    private const string Path = "edge/v1/things";

    public static Command Create(GlobalOptions globals) => new("thing", "Things of the registry: list, show, create, update, delete")
    {
        List(globals), Show(globals), Make(globals), Update(globals), Delete(globals),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the thing: letters, digits, ':', '_' and '-'" };

    private static Option<string[]> Attributes() => new("--attribute") { Description = "Attribute, such as room=hall; may be repeated", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = false };

    private static Option<string> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static string At(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static Command List(GlobalOptions globals)
    {
        var (type, attribute, group) = (Text("--type", "Only things of this type", "TYPE"), Text("--attribute", "Only things with this attribute", "NAME[=VALUE]"), Text("--group", "Only things in this group or below it", "GROUP"));
        return new Command("list", "Things in order of their names") { type, attribute, group }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = string.Join('&', new[] { ("type", context.Get(type)), ("attribute", context.Get(attribute)), ("group", context.Get(group)) }
                .Where(static pair => pair.Item2 is not null).Select(static pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));
            var things = await context.Gateway.GetAsync(query.Length == 0 ? Path : $"{Path}?{query}", cancellationToken);
            context.List(things, ("NAME", Cell.Of("name")), ("TYPE", Cell.Of("typeName")), ("ATTRIBUTES", Cell.Of("attributes")), ("VERSION", Cell.Of("version")), ("BILLING GROUP", Cell.Of("billingGroupName")));
        });
    }

    private static Command Show(GlobalOptions globals)
    {
        var name = Name();
        return new Command("show", "One thing, with its groups and certificates") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Object(await context.Gateway.GetAsync(At(context.Get(name)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var (name, attributes) = (Name(), Attributes());
        var (type, billing) = (Text("--type", "Thing type", "TYPE"), Text("--billing-group", "Billing group", "GROUP"));
        return new Command("create", "Make a thing; the same again changes nothing") { name, type, attributes, billing }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["typeName"] = context.Get(type), ["attributes"] = RegistryAnswers.Assignments(context.Get(attributes)), ["billingGroupName"] = context.Get(billing) };
            context.Say($"Thing {context.Get(name)} is there.", await context.Gateway.PutAsync(At(context.Get(name)), request.ToJsonString(), cancellationToken));
        });
    }

    private static Command Update(GlobalOptions globals)
    {
        var (name, attributes) = (Name(), Attributes());
        var (type, noType) = (Text("--type", "New thing type", "TYPE"), new Option<bool>("--no-type") { Description = "Take the type away" });
        var remove = new Option<string[]>("--remove-attribute") { Description = "Attribute to remove; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        var version = new Option<long?>("--expected-version") { Description = "Change it only at this version", HelpName = "N" };
        return new Command("update", "Change a thing; attributes not named stay") { name, type, noType, attributes, remove, version }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject
            {
                ["typeName"] = context.Get(type),
                ["removeType"] = context.Get(noType),
                ["attributes"] = RegistryAnswers.Assignments(context.Get(attributes), context.Get(remove)),
                ["expectedVersion"] = context.Get(version),
            };
            var thing = await context.Gateway.PatchAsync(At(context.Get(name)), request.ToJsonString(), cancellationToken);
            context.Say($"Thing {context.Get(name)} is at version {Cell.Text(thing, "version")}.", thing);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Delete a thing; detach its certificates first") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Thing {context.Get(name)} is deleted.", await context.Gateway.DeleteAsync(At(context.Get(name)), cancellationToken)));
    }
}
