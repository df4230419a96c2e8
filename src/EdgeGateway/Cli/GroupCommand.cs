using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway group</c>: thing groups and who is in them.</summary>
internal static class GroupCommand
{
    private const string Path = "edge/v1/groups";

    public static Command Create(GlobalOptions globals) => new("group", "Thing groups: list, show, create, update, delete, and their members")
    {
        List(globals), Show(globals), Make(globals), Update(globals), Delete(globals), GroupMembers.Things(globals, Path, recursive: true),
        GroupMembers.Add(globals, Path), GroupMembers.Remove(globals, Path),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the group: letters, digits, ':', '_' and '-'" };

    private static Option<string> Description() => new("--description") { Description = "What the group is for", HelpName = "TEXT" };

    private static Option<string[]> Attributes() => new("--attribute") { Description = "Attribute, such as floor=1; may be repeated", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = false };

    private static Option<string> Query(string description) => new("--query") { Description = description, HelpName = "QUERY" };

    private static string At(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static Command List(GlobalOptions globals) => new Command("list", "Thing groups in order of their names").Runs(globals, async (context, cancellationToken) =>
        context.List(await context.Gateway.GetAsync(Path, cancellationToken),
            ("NAME", Cell.Of("name")), ("PARENT", Cell.Of("parentName")), ("THINGS", Cell.Of("things")), ("QUERY", Cell.Of("query")), ("DESCRIPTION", Cell.Of("description")), ("ATTRIBUTES", Cell.Of("attributes"))));

    private static Command Show(GlobalOptions globals)
    {
        var name = Name();
        return new Command("show", "One thing group") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Object(await context.Gateway.GetAsync(At(context.Get(name)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var (name, description, attributes) = (Name(), Description(), Attributes());
        var parent = new Option<string>("--parent") { Description = "Group above it; fixed from then on", HelpName = "GROUP" };
        var query = Query("Make it dynamic: the things that the query finds are in it, whenever that changes");
        return new Command("create", "Make a thing group; the same again changes nothing") { name, parent, query, description, attributes }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["parentName"] = context.Get(parent), ["query"] = context.Get(query), ["description"] = context.Get(description), ["attributes"] = RegistryAnswers.Assignments(context.Get(attributes)) };
            context.Say($"Group {context.Get(name)} is there.", await context.Gateway.PutAsync(At(context.Get(name)), request.ToJsonString(), cancellationToken));
        });
    }

    private static Command Update(GlobalOptions globals)
    {
        var (name, description, attributes) = (Name(), Description(), Attributes());
        var remove = new Option<string[]>("--remove-attribute") { Description = "Attribute to remove; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };
        var query = Query("Another query for a dynamic group");
        return new Command("update", "Change a thing group; attributes not named stay") { name, query, description, attributes, remove }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject
            {
                ["description"] = context.Get(description), ["query"] = context.Get(query), ["attributes"] = RegistryAnswers.Assignments(context.Get(attributes), context.Get(remove)),
            };
            var group = await context.Gateway.PatchAsync(At(context.Get(name)), request.ToJsonString(), cancellationToken);
            context.Say($"Group {context.Get(name)} is at version {Cell.Text(group, "version")}.", group);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Delete a group that has no child groups; its things stay") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Group {context.Get(name)} is deleted.", await context.Gateway.DeleteAsync(At(context.Get(name)), cancellationToken)));
    }
}
