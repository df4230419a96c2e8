using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>Who is in a thing group or billing group: <c>things</c>, <c>add</c> and <c>remove</c>.</summary>
internal static class GroupMembers
{
    /// <param name="path">Of the groups, below the gateway.</param>
    /// <param name="recursive">Whether groups lie in groups.</param>
    public static Command Things(GlobalOptions globals, string path, bool recursive)
    {
        var name = Group();
        var below = new Option<bool>("--recursive") { Description = "Those of the groups below it too" };
        var command = new Command("things", "Names of the things in a group") { name };
        if (recursive)
            command.Add(below);
        return command.Runs(globals, async (context, cancellationToken) =>
            context.Names(await context.Gateway.GetAsync($"{path}/{Uri.EscapeDataString(context.Get(name))}/things{(recursive && context.Get(below) ? "?recursive=true" : "")}", cancellationToken)));
    }

    public static Command Add(GlobalOptions globals, string path)
    {
        var (name, thing) = (Group(), Thing());
        return new Command("add", "Add a thing to a group") { name, thing }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Thing {context.Get(thing)} is in {context.Get(name)}.", await context.Gateway.PutAsync(At(path, context.Get(name), context.Get(thing)), "{}", cancellationToken)));
    }

    public static Command Remove(GlobalOptions globals, string path)
    {
        var (name, thing) = (Group(), Thing());
        return new Command("remove", "Take a thing out of a group") { name, thing }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Thing {context.Get(thing)} is not in {context.Get(name)}.", await context.Gateway.DeleteAsync(At(path, context.Get(name), context.Get(thing)), cancellationToken)));
    }

    private static Argument<string> Group() => new("GROUP") { Description = "Name of the group" };

    private static Argument<string> Thing() => new("THING") { Description = "Name of the thing" };

    private static string At(string path, string group, string thing) => $"{path}/{Uri.EscapeDataString(group)}/things/{Uri.EscapeDataString(thing)}";
}
