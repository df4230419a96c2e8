using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;
using EdgeGateway.Sync.Uplink;

namespace EdgeGateway.Sync;

public static class SyncServices
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Adds the upstreams of the configuration and <see cref="ISyncStatus"/>. Needs <see cref="IMessageBus"/>, <see cref="GatewayOptions"/> and a <see cref="TimeProvider"/>.</summary>
    /// <param name="clockIsSet">Whether the network or a clock chip has set the clock.</param>
    public static IServiceCollection AddSync(this IServiceCollection services, ConfigurationNode configuration, Func<IServiceProvider, bool> clockIsSet)
    {
        var options = SyncOptions.Read(configuration);
        services.AddSingleton(options);
        services.AddSingleton(provider => Environment(provider, () => clockIsSet(provider)));
        services.AddSingleton<SyncService>();
        services.AddSingleton<ISyncStatus>(static provider => provider.GetRequiredService<SyncService>());
        services.AddSingleton<IUpstreamOutbox>(static provider => provider.GetRequiredService<SyncService>());
        services.AddHostedService(static provider => provider.GetRequiredService<SyncService>());
        services.AddSingleton<MigrationSet>(SyncStore.Migrations);
        services.AddSingleton<ShadowSyncService>();
        services.AddSingleton<IShadowSync>(static provider => provider.GetRequiredService<ShadowSyncService>());
        services.AddHostedService(static provider => provider.GetRequiredService<ShadowSyncService>());
        services.AddSingleton<MigrationSet>(RegistrySyncStore.Migrations);
        services.AddSingleton<RegistrySyncService>();
        services.AddSingleton<IRegistrySync>(static provider => provider.GetRequiredService<RegistrySyncService>());
        services.AddHostedService(static provider => provider.GetRequiredService<RegistrySyncService>());
        return services;
    }

    private static UpstreamEnvironment Environment(IServiceProvider provider, Func<bool> clockIsSet)
    {
        var gateway = provider.GetRequiredService<GatewayOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        string Folder(string upstream, string part) => Path.Combine(gateway.DataFolder, "sync", upstream, part);
        return new(
            gateway.Name,
            provider.GetRequiredService<IMessageBus>(),
            (upstream, part) => new DiskLogFiles(Folder(upstream, part)),
            (upstream, part) => Directory.Exists(Folder(upstream, part)),
            new UplinkDialer(gateway.Name, file => Path.Combine(gateway.ConfigurationFolder, file), time).ConnectAsync,
            time)
        {
            Boot = File.Exists(BootFile) ? BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(File.ReadAllBytes(BootFile))) : 0,
            ClockIsSet = clockIsSet,
        };
    }
}
