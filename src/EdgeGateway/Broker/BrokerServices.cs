using EdgeGateway.Broker.Journal;
using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Broker;

/// <summary>Adds the message broker.</summary>
public static class BrokerServices
{
    /// <param name="configuration">The root of the tree; reads <c>broker</c>.</param>
    public static IServiceCollection AddBroker(this IServiceCollection services, ConfigurationNode configuration)
    {
        services.AddSingleton(BrokerOptions.Read(configuration.Section("broker")));
        services.AddSingleton(static provider => new Router(
            provider.GetRequiredService<BrokerOptions>(),
            provider.GetRequiredService<IAuthorizer>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Router>>()));
        services.AddSingleton(static provider => new SessionRegistry(
            provider.GetRequiredService<BrokerOptions>(), provider.GetRequiredService<Router>(), provider.GetRequiredService<ILogger<SessionRegistry>>()));
        services.AddSingleton<IMessageBus>(static provider => new MessageBus(provider.GetRequiredService<Router>()));
        services.AddSingleton(static provider => new BrokerStatus(
            provider.GetRequiredService<Router>(), provider.GetRequiredService<SessionRegistry>(), provider.GetRequiredService<BrokerStore>()));
        services.AddHostedService<SystemTopics>();
        services.AddSingleton<BrokerStore>();
        services.AddSingleton<IComponentHealth>(static provider => provider.GetRequiredService<BrokerStore>());
        services.AddHostedService(static provider => provider.GetRequiredService<BrokerStore>());
        return services;
    }
}
