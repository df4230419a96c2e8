using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Search;

public static class SearchServices
{
    /// <summary>Needs <see cref="Database"/>, <see cref="IMessageBus"/>, the registry and the shadows from elsewhere.</summary>
    /// <param name="configuration">The root; reads <c>search</c> and the broker's profile.</param>
    public static IServiceCollection AddSearch(this IServiceCollection services, ConfigurationNode configuration) => services
        .AddSingleton(SearchOptions.Read(configuration))
        .AddSingleton<MigrationSet>(SearchStore.Migrations)
        .AddSingleton<SearchStore>()
        .AddSingleton<IndexSources>()
        .AddSingleton<IndexChanges>()
        .AddSingleton<FleetIndex>()
        .AddSingleton<FleetSearch>()
        .AddSingleton<IFleetSearch>(static provider => provider.GetRequiredService<FleetSearch>())
        .AddSingleton<DynamicGroups>()
        .AddSingleton<IDynamicGroups>(static provider => provider.GetRequiredService<DynamicGroups>())
        .AddHostedService<IndexService>()
        .AddSingleton<FleetMetrics>()
        .AddSingleton<IFleetMetrics>(static provider => provider.GetRequiredService<FleetMetrics>())
        .AddHostedService(static provider => provider.GetRequiredService<FleetMetrics>());
}
