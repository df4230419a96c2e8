using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway type</c>: thing types.</summary>
internal static class TypeCommand
{
    private const string Path = "edge/v1/types";

    public static Command Create(GlobalOptions globals) => new("type", "Thing types: list, show, create, deprecate, delete")
    {
        List(globals), Show(globals), Make(globals), Deprecate(globals), Delete(globals),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the type: letters, digits, ':', '_' and '-'" };

    private static string At(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static Command List(GlobalOptions globals) => new Command("list", "Thing types in order of their names").Runs(globals, async (context, cancellationToken) =>
        context.List(await context.Gateway.GetAsync(Path, cancellationToken),
            ("NAME", Cell.Of("name")), ("DESCRIPTION", Cell.Of("description")), ("SEARCHABLE", Cell.Of("searchableAttributes")), ("DEPRECATED", Cell.Of("deprecatedAt"))));

    private static Command Show(GlobalOptions globals)
    {
        var name = Name();
        return new Command("show", "One thing type") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Object(await context.Gateway.GetAsync(At(context.Get(name)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var name = Name();
        var description = new Option<string>("--description") { Description = "What such things are", HelpName = "TEXT" };
        var searchable = new Option<string[]>("--searchable") { Description = "Attribute to search by, up to three; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        return new Command("create", "Make a thing type; the same again changes nothing") { name, description, searchable }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["description"] = context.Get(description), ["searchableAttributes"] = new JsonArray([.. (context.Get(searchable) ?? []).Select(static text => (JsonNode)text)]) };
            context.Say($"Thing type {context.Get(name)} is there.", await context.Gateway.PutAsync(At(context.Get(name)), request.ToJsonString(), cancellationToken));
        });
    }

    private static Command Deprecate(GlobalOptions globals)
    {
        var name = Name();
        var undo = new Option<bool>("--undo") { Description = "Let things be given the type again" };
        return new Command("deprecate", "Let no more things be given a type; it can be deleted some minutes later") { name, undo }.Runs(globals, async (context, cancellationToken) =>
        {
            var type = await context.Gateway.PostAsync($"{At(context.Get(name))}/deprecation", new JsonObject { ["undo"] = context.Get(undo) }.ToJsonString(), cancellationToken);
            context.Say($"Thing type {context.Get(name)} is {(context.Get(undo) ? "in use again" : "deprecated")}.", type);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Delete a type that is deprecated and that no thing has") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Thing type {context.Get(name)} is deleted.", await context.Gateway.DeleteAsync(At(context.Get(name)), cancellationToken)));
    }
}
