using System.Collections;
using EdgeGateway.Api;
using EdgeGateway.Api.Aws;
using EdgeGateway.Broker;
using EdgeGateway.Configuration;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Gateway;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Jobs;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Rules;
using EdgeGateway.Search;
using EdgeGateway.Shadows;
using EdgeGateway.Sync;
using EdgeGateway.Storage;

namespace EdgeGateway.Hosting;

/// <summary>Which parts the gateway consists of: configuration in, one AddX() per slice.</summary>
internal static class Composition
{
    /// <summary>Reads what the command line and the environment name; faults are collected in the tree.</summary>
    public static ConfigurationTree Load(ServeOptions options, IDictionary environment)
    {
        var settings = options.DataFolder is { } data ? [.. options.Settings, $"data={data}"] : options.Settings;
        return ConfigurationTree.Load(options.ConfigFile, environment, settings, options.Demo ? ("demo", DemoYaml()) : null);
    }

    /// <summary>Every slice reads its section here, so that all faults of the configuration are known before anything starts.</summary>
    public static GatewayOptions AddSlices(IServiceCollection services, ConfigurationTree tree, bool demo, bool safe = false)
    {
        var gateway = GatewayOptions.Read(tree);
        services.AddSingleton(gateway);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => DatabaseFile.Open(
            provider.GetRequiredService<GatewayOptions>().DataFolder,
            [.. provider.GetServices<MigrationSet>()],
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("EdgeGateway.Storage")));
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<IComponentHealth>(static provider => provider.GetRequiredService<StorageHealth>());
        services.AddRegistry(tree.Root.Section("registry"));
        services.AddIdentity(tree.Root.Section("identity"));
        services.AddBroker(tree.Root);
        services.AddGateway(tree.Root);
        services.AddShadows(tree.Root.Section("shadow"));
        services.AddSearch(tree.Root);
        services.AddJobs();
        services.AddRules(tree.Root.Section("rules"), gateway, isSafeMode: safe);
        services.AddSync(tree.Root, static provider => provider.GetRequiredService<IClockFloor>().Trust == ClockTrust.Synchronised);
        if (demo)
            services.AddSingleton<SimulatedHeader>(static provider => new(provider.GetRequiredService<TimeProvider>())).AddSingleton<SimulatedRoom>(static provider => new(provider.GetRequiredService<SimulatedHeader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddDevices(tree.Root, gateway, demo ? DemoHeader : static provider => new HardwareHeader(provider.GetRequiredService<TimeProvider>()), safe);
        services.AddSingleton<IComponentHealth, AnonymousListenerHealth>();
        services.AddSingleton<IComponentHealth, ServerCertificateHealth>();
        services.AddSingleton<HandshakeFailures>();
        services.AddHostedService<Watchdog>();
        services.AddHostedService<MemoryTrim>();
        services.AddAws(tree.Root);
        services.AddApi(new(demo, [gateway.Name, Environment.MachineName, $"{gateway.Name}.local", $"{Environment.MachineName}.local"]));
        return gateway;
    }

    // The room moves the simulated world: it lives as long as its header.
    private static SimulatedHeader DemoHeader(IServiceProvider provider)
    {
        provider.GetRequiredService<SimulatedRoom>();
        return provider.GetRequiredService<SimulatedHeader>();
    }

    private static string DemoYaml()
    {
        using var stream = typeof(Composition).Assembly.GetManifestResourceStream("demo.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
