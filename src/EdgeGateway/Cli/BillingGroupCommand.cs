using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway billing-group</c>: billing groups and who is in them.</summary>
internal static class BillingGroupCommand
{
    private const string Path = "edge/v1/billing-groups";

    public static Command Create(GlobalOptions globals) => new("billing-group", "Billing groups, of which a thing has one at most")
    {
        List(globals), Show(globals), Make(globals), Update(globals), Delete(globals), GroupMembers.Things(globals, Path, recursive: false),
        GroupMembers.Add(globals, Path), GroupMembers.Remove(globals, Path),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the billing group: letters, digits, ':', '_' and '-'" };

    private static Option<string> Description() => new("--description") { Description = "What the group is for", HelpName = "TEXT" };

    private static string At(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    private static Command List(GlobalOptions globals) => new Command("list", "Billing groups in order of their names").Runs(globals, async (context, cancellationToken) =>
        context.List(await context.Gateway.GetAsync(Path, cancellationToken),
            ("NAME", Cell.Of("name")), ("THINGS", Cell.Of("things")), ("DESCRIPTION", Cell.Of("description")), ("VERSION", Cell.Of("version"))));

    private static Command Show(GlobalOptions globals)
    {
        var name = Name();
        return new Command("show", "One billing group") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Object(await context.Gateway.GetAsync(At(context.Get(name)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var (name, description) = (Name(), Description());
        return new Command("create", "Make a billing group; the same again changes nothing") { name, description }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Billing group {context.Get(name)} is there.",
                await context.Gateway.PutAsync(At(context.Get(name)), new JsonObject { ["description"] = context.Get(description) }.ToJsonString(), cancellationToken)));
    }

    private static Command Update(GlobalOptions globals)
    {
        var (name, description) = (Name(), Description());
        return new Command("update", "Change the description of a billing group") { name, description }.Runs(globals, async (context, cancellationToken) =>
        {
            var group = await context.Gateway.PatchAsync(At(context.Get(name)), new JsonObject { ["description"] = context.Get(description) }.ToJsonString(), cancellationToken);
            context.Say($"Billing group {context.Get(name)} is at version {Cell.Text(group, "version")}.", group);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Delete a billing group; its things stay") { name }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Billing group {context.Get(name)} is deleted.", await context.Gateway.DeleteAsync(At(context.Get(name)), cancellationToken)));
    }
}
