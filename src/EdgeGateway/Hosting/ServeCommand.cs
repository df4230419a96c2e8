using System.CommandLine;
using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary><c>edgegateway serve</c>: runs the gateway in the foreground until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <param name="data">The option of every command: here the folder of all state, key <c>data</c> of the configuration.</param>
    public static Command Create(Option<string> data)
    {
        var config = ConfigFileOption();
        var demo = new Option<bool>("--demo") { Description = "Wire a simulated Pi header and open the pages on loopback without sign-in" };
        var safe = new Option<bool>("--safe") { Description = "Start without drivers and rules: no pin is touched, nothing is switched" };
        var settings = SettingsOption();
        var command = new Command("serve", "Run the gateway in the foreground") { config, demo, safe, settings };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new()
            {
                ConfigFile = parsed.GetValue(config),
                DataFolder = parsed.GetValue(data),
                Demo = parsed.GetValue(demo),
                Safe = parsed.GetValue(safe),
                Settings = parsed.GetValue(settings) ?? [],
            },
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    internal static Option<string> ConfigFileOption() => new("--config") { Description = "Read FILE instead of /etc/edgegateway", HelpName = "FILE" };

    internal static Option<string[]> SettingsOption() =>
        new("--set") { Description = "Override a configuration key, such as listeners.mqtt.port=18830; may be repeated", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };

    private static async Task<int> RunAsync(ServeOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            while (await RunOnceAsync(options, cancellationToken))
            {
            }
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (ConfigurationException ex)
        {
            foreach (var fault in ex.Faults)
                await error.WriteLineAsync(fault.ToString());
            return 1;
        }
        catch (StartException ex)
        {
            await error.WriteLineAsync($"edgegateway: {ex.Message}");
            return 1;
        }
    }

    /// <returns>True: it stopped in order to start again.</returns>
    private static async Task<bool> RunOnceAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        await using var host = await GatewayHost.StartAsync(options, Environment.GetEnvironmentVariables(), amend: null, cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        return host.WantsRestart && !cancellationToken.IsCancellationRequested;
    }
}
