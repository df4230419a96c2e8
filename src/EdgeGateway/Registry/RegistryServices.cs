using EdgeGateway.Configuration;
using EdgeGateway.Storage;

namespace EdgeGateway.Registry;

public static class RegistryServices
{
    /// <summary>Needs <see cref="Database"/>, <see cref="GatewayOptions"/>, <see cref="TimeProvider"/> and the message bus from elsewhere.</summary>
    /// <param name="configuration">The section <c>registry</c>.</param>
    public static IServiceCollection AddRegistry(this IServiceCollection services, ConfigurationNode configuration) => services
        .AddSingleton(RegistryOptions.Read(configuration))
        .AddSingleton<MigrationSet>(RegistryStore.Migrations)
        .AddSingleton<RegistryState>()
        .AddSingleton<IThingCatalog, ThingCatalog>()
        .AddSingleton<IRegistryFeed, RegistryFeed>()
        .AddSingleton<IThings, Things>()
        .AddSingleton<IThingTypes, ThingTypes>()
        .AddSingleton<IThingGroups, ThingGroups>()
        .AddSingleton<IBillingGroups, BillingGroups>()
        .AddSingleton<ITags, Tags>()
        .AddSingleton<IEventConfigurations, EventConfigurations>()
        .AddHostedService<RegistryEventPublisher>();
}
