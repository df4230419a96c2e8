using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway policy versions NAME</c>: lists them; with an option adds, chooses or deletes one.</summary>
internal static class PolicyVersionCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var name = PolicyCommand.Name();
        var (add, choose, delete) = (new Option<string>("--add") { Description = "Add this document as a version, not yet in force", HelpName = "FILE" },
            new Option<long?>("--default") { Description = "Put a version in force", HelpName = "N" }, new Option<long?>("--delete") { Description = "Delete a version", HelpName = "N" });
        return new Command("versions", "A policy's versions; at most five") { name, add, choose, delete }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"{PolicyCommand.At(context.Get(name))}/versions";
            if (context.Get(add) is { } file)
            {
                var request = new JsonObject { ["document"] = await context.ReadFileAsync(file, cancellationToken), ["setAsDefault"] = false };
                PolicyCommand.Warn(context, await context.Gateway.PostAsync(path, request.ToJsonString(), cancellationToken));
            }
            if (context.Get(choose) is { } chosen)
                await context.Gateway.PutAsync($"{path}/{chosen}/default", "{}", cancellationToken);
            if (context.Get(delete) is { } deleted)
                await context.Gateway.DeleteAsync($"{path}/{deleted}", cancellationToken);
            var versions = await context.Gateway.GetAsync(path, cancellationToken);
            if (context.Json)
                context.Output.Json(versions);
            else
                context.Output.Table(versions, ("VERSION", Cell.Of("version")), ("IN FORCE", Cell.Of("isDefault")), ("CREATED", Cell.Of("created")));
        });
    }
}
