using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Shadows;

public static class ShadowServices
{
    /// <summary>Needs <see cref="Database"/>, <see cref="IMessageBus"/> and <see cref="TimeProvider"/> from elsewhere.</summary>
    /// <param name="configuration">The section <c>shadow</c>.</param>
    public static IServiceCollection AddShadows(this IServiceCollection services, ConfigurationNode configuration) => services
        .AddSingleton(ShadowOptions.Read(configuration))
        .AddSingleton<MigrationSet>(ShadowStore.Migrations)
        .AddSingleton<ShadowStore>()
        .AddSingleton<ShadowIntake>()
        .AddSingleton<ShadowHistory>()
        .AddSingleton<IShadowHistory>(static provider => provider.GetRequiredService<ShadowHistory>())
        .AddSingleton<ShadowAnnouncer>()
        .AddSingleton<ShadowEngine>()
        .AddSingleton<ShadowService>()
        .AddSingleton<IShadows>(static provider => provider.GetRequiredService<ShadowService>())
        .AddSingleton<IShadowFeed>(static provider => provider.GetRequiredService<ShadowService>())
        .AddSingleton<IComponentHealth, ShadowHealth>()
        .AddHostedService(static provider => provider.GetRequiredService<ShadowService>());
}
