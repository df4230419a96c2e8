using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Cli;

namespace EdgeGateway.IntegrationTests.Catalog;

/// <summary>The registry and access keys from a shell.</summary>
public sealed class RegistryCommandTests
{
    [Fact]
    public async Task Thing_CreateToDelete()
    {
        await using var gateway = await RunningGateway.StartAsync(["registry.deprecationWait=0s"]);
        await Done(gateway, "type", "create", "lamp", "--description", "gives light", "--searchable", "room");
        await Done(gateway, "billing-group", "create", "office");
        var made = await JsonOf(gateway, "thing", "create", "lamp-1", "--type", "lamp", "--attribute", "room=hall", "--attribute", "watt=5", "--billing-group", "office");
        Assert.Equal("arn:aws:iot:edge:000000000000:thing/lamp-1", made.GetProperty("arn").GetString());
        var listed = await JsonOf(gateway, "thing", "list", "--type", "lamp", "--attribute", "room=hall");
        Assert.Equal("lamp-1", Assert.Single(listed.EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("room=hall watt=5", (await Done(gateway, "thing", "list")).Output, StringComparison.Ordinal);
        var changed = await JsonOf(gateway, "thing", "update", "lamp-1", "--attribute", "room=attic", "--remove-attribute", "watt", "--expected-version", "1");
        Assert.Equal("""{"room":"attic"}""", changed.GetProperty("attributes").GetRawText());
        Assert.Equal(2, changed.GetProperty("version").GetInt64());
        Assert.Contains("lamp-1", (await Done(gateway, "thing", "show", "lamp-1")).Output, StringComparison.Ordinal);
        await Done(gateway, "thing", "delete", "lamp-1");
        await Done(gateway, "type", "deprecate", "lamp");
        await Done(gateway, "type", "delete", "lamp");
        Assert.Empty((await JsonOf(gateway, "type", "list")).EnumerateArray());
    }

    [Fact]
    public async Task Thing_Refused_OneLineAndExitCode()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await Refused(gateway, ExitCodes.Failed, "there is no thing 'none'", "thing", "show", "none");
        await Refused(gateway, ExitCodes.Failed, "there is no thing 'none'", "thing", "delete", "none");
        await Refused(gateway, ExitCodes.Failed, "thing type none is not registered", "thing", "create", "a", "--type", "none");
        await Refused(gateway, ExitCodes.Failed, "allowed are letters", "thing", "create", "a b");
        await Refused(gateway, ExitCodes.Usage, "'room' is not NAME=VALUE", "thing", "create", "a", "--attribute", "room");
        await Refused(gateway, ExitCodes.Usage, "Required argument", "thing", "create");
        await Done(gateway, "thing", "create", "a");
        await Refused(gateway, ExitCodes.Failed, "exists already", "thing", "create", "a", "--attribute", "room=hall");
        await Refused(gateway, ExitCodes.Failed, "expectedVersion is 7", "thing", "update", "a", "--expected-version", "7");
    }

    [Fact]
    public async Task Group_MembersUpAndDown()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await Done(gateway, "thing", "create", "lamp");
        await Done(gateway, "group", "create", "house", "--description", "all of it");
        await Done(gateway, "group", "create", "room", "--parent", "house", "--attribute", "floor=1");
        await Done(gateway, "group", "add", "room", "lamp");
        Assert.Equal("lamp", (await Done(gateway, "group", "things", "house", "--recursive")).Output.Trim());
        Assert.Empty((await JsonOf(gateway, "group", "things", "house")).EnumerateArray());
        Assert.Equal("""["house","room"]""", (await JsonOf(gateway, "group", "show", "room")).GetProperty("path").GetRawText());
        Assert.Equal(2, (await JsonOf(gateway, "group", "update", "room", "--description", "small")).GetProperty("version").GetInt64());
        Assert.Equal("lamp", Assert.Single((await JsonOf(gateway, "thing", "list", "--group", "house")).EnumerateArray()).GetProperty("name").GetString());
        await Refused(gateway, ExitCodes.Failed, "room", "group", "delete", "house");
        await Done(gateway, "group", "remove", "room", "lamp");
        await Done(gateway, "group", "delete", "room");
        await Done(gateway, "group", "delete", "house");
        await Done(gateway, "billing-group", "create", "office", "--description", "d");
        await Done(gateway, "billing-group", "add", "office", "lamp");
        Assert.Equal("lamp", (await Done(gateway, "billing-group", "things", "office")).Output.Trim());
        await Done(gateway, "billing-group", "remove", "office", "lamp");
        await Done(gateway, "billing-group", "delete", "office");
    }

    [Fact]
    public async Task AccessKey_SignsUntilItIsDeleted()
    {
        await using var gateway = await RunningGateway.StartAsync(["identity.trustClock=true"]);
        var key = await JsonOf(gateway, "access-key", "create", "--owner", "anna", "--role", "viewer");
        var id = key.GetProperty("accessKeyId").GetString()!;
        Dictionary<string, string> environment = new()
        {
            ["AWS_ACCESS_KEY_ID"] = id,
            ["AWS_SECRET_ACCESS_KEY"] = key.GetProperty("secretAccessKey").GetString()!,
            ["AWS_DEFAULT_REGION"] = "eu-central-1",
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        string[] list = ["--endpoint-url", gateway.Http.ToString(), "iot", "list-things"];
        (await Programs.RunAsync("aws", list, environment)).Succeeded();
        var refused = await Programs.RunAsync("aws", ["--endpoint-url", gateway.Http.ToString(), "iot", "create-thing", "--thing-name", "a"], environment);
        Assert.Contains("AccessDeniedException", refused.Errors, StringComparison.Ordinal);
        var listed = Assert.Single((await JsonOf(gateway, "access-key", "list")).EnumerateArray());
        Assert.Equal((id, "anna", "viewer", JsonValueKind.Null), (listed.GetProperty("accessKeyId").GetString(), listed.GetProperty("owner").GetString(), listed.GetProperty("role").GetString(), listed.GetProperty("secretAccessKey").ValueKind));
        await Done(gateway, "access-key", "delete", id);
        Assert.Contains("UnrecognizedClientException", (await Programs.RunAsync("aws", list, environment)).Errors, StringComparison.Ordinal);
        await Refused(gateway, ExitCodes.Failed, "there is no access key", "access-key", "delete", id);
    }

    [Fact]
    public async Task Completion_CommandsAndOptions()
    {
        using var output = new StringWriter();
        var line = $"{RootCommand.ExecutableName} thing cr";
        Assert.Equal(0, await CommandLine.InvokeAsync(CommandLine.Create(new GlobalOptions()), [$"[suggest:{line.Length}]", line], output, output));
        Assert.Equal("create", output.ToString().Trim());
        (await Programs.RunAsync("bash", ["-n"], input: (await Run(["completion", "bash"])))).Succeeded();
    }

    [Theory]
    [InlineData("edgegateway thing cr", "create")]
    [InlineData("edgegateway thing create lamp --att", "--attribute")]
    [InlineData("edgegateway policy ex", "explain")]
    [InlineData("edgegateway access-key create --role adm", "administrator")]
    public async Task Completion_InBash_OffersTheWord(string line, string expected)
    {
        var script = $$"""
            edgegateway() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "edgegateway.dll")}}' "$@"; }
            source <(edgegateway completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            read -r -a COMP_WORDS <<< "$COMP_LINE"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _edgegateway
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.Equal(expected, (await Programs.RunAsync("bash", ["-c", script])).Succeeded().Output.Trim());
    }

    [Fact]
    public void Help_EveryCommandAndOption_SaysWhatItIsFor()
    {
        var silent = new List<string>();
        Look(CommandLine.Create(new GlobalOptions()), "edgegateway");
        Assert.Empty(silent);

        void Look(Command command, string path)
        {
            if (string.IsNullOrWhiteSpace(command.Description) && !command.Hidden)
                silent.Add(path);
            silent.AddRange(command.Options.Where(static option => string.IsNullOrWhiteSpace(option.Description) && !option.Hidden).Select(option => $"{path} {option.Name}"));
            foreach (var inner in command.Subcommands)
                Look(inner, $"{path} {inner.Name}");
        }
    }

    private static async Task<string> Run(string[] arguments)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await CommandLine.InvokeAsync(CommandLine.Create(new GlobalOptions()), arguments, output, output));
        return output.ToString();
    }

    private static async Task<ProgramResult> Done(RunningGateway gateway, params string[] arguments) => (await gateway.CliAsync(arguments)).Succeeded();

    private static async Task<JsonElement> JsonOf(RunningGateway gateway, params string[] arguments)
    {
        using var document = JsonDocument.Parse((await Done(gateway, [.. arguments, "--json"])).Output);
        return document.RootElement.Clone();
    }

    private static async Task Refused(RunningGateway gateway, int exitCode, string message, params string[] arguments)
    {
        var result = await gateway.CliAsync(arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, Assert.Single(result.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
