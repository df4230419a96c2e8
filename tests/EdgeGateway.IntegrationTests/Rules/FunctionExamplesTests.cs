using System.Text.RegularExpressions;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>The functions of examples/functions, with the configuration and the commands of their page.</summary>
public sealed partial class FunctionExamplesTests
{
    private static readonly string Folder = Path.Combine(Programs.Repository, "examples", "functions");

    [Fact]
    public async Task Readme_ItsConfigurationAndItsCommands_Work()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        try
        {
            // The page's programs are beside it; the gateway is started elsewhere.
            var configuration = Path.Combine(folder, "edgegateway.yaml");
            await File.WriteAllTextAsync(configuration, Yaml().Match(page).Groups[1].Value.Replace("judge.", $"{Folder}/judge.", StringComparison.Ordinal));
            await using var gateway = await GatewayProcess.StartAsync(Path.Combine(folder, "data"), "--config", configuration);
            var commands = Shell().Match(page).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(4, commands.Length);
            foreach (var command in commands)
            {
                var words = Word().Matches(command["edgegateway ".Length..]).Select(static match => match.Value.Trim('\''));
                var result = (await GatewayProcess.RunAsync([.. words, "--data", gateway.Folder])).Succeeded();
                Assert.Contains(command.Contains("invoke", StringComparison.Ordinal) ? """{"verdict":"high"}""" : "judge-shell", result.Output.Replace(": ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
            }
            var refused = await GatewayProcess.RunAsync("function", "invoke", "judge-node", "{}", "--data", gateway.Folder);
            Assert.Equal((1, "edgegateway: there is no temperature\n"), (refused.ExitCode, refused.Errors));
            Assert.Equal(1, (await GatewayProcess.RunAsync("function", "invoke", "nobody", "--data", gateway.Folder)).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();
}
