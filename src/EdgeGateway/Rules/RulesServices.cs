using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Logs;
using EdgeGateway.Rules.Notify;
using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.Sql;
using EdgeGateway.Rules.State;
using EdgeGateway.Rules.Streams;
using EdgeGateway.Rules.Tables;
using EdgeGateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeGateway.Rules;

public static class RulesServices
{
    /// <summary>
    /// Needs <see cref="Database"/>, the message bus, <see cref="Registry.IThingCatalog"/>, <see cref="Shadows.IShadows"/> and
    /// <see cref="TimeProvider"/> from elsewhere.
    /// </summary>
    /// <param name="configuration">The section `rules`.</param>
    /// <param name="isSafeMode">Rules are there, to be seen and mended, and none gets a message.</param>
    public static IServiceCollection AddRules(this IServiceCollection services, ConfigurationNode configuration, GatewayOptions gateway, bool isSafeMode = false)
    {
        var options = RulesOptions.Read(configuration, gateway) with { IsSafeMode = isSafeMode };
        services.TryAddSingleton<IRuleShadows, RuleShadows>();
        return services
            .AddSingleton(options)
            .AddSingleton(RuleFiles.Read(configuration, options.Folder!))
            .AddSingleton<MigrationSet>(RuleStore.Migrations)
            .AddSingleton<RuleStore>()
            .AddSingleton<RuleStreams>()
            .AddSingleton<RuleStateStore>()
            .AddSingleton(_ => new RuleJournal(options.JournalFolder))
            .AddSingleton<TableStore>()
            .AddSingleton<ITables>(static provider => provider.GetRequiredService<TableStore>())
            .AddSingleton(FunctionFiles.Read(configuration))
            .AddSingleton<IRuleRoles, RuleRoles>()
            .AddSingleton<RuleHttp>()
            .AddSingleton<FunctionRegistry>()
            .AddSingleton<IFunctions>(static provider => provider.GetRequiredService<FunctionRegistry>())
            .AddSingleton<IHttpDestinations, HttpDestinations>()
            .AddSingleton<SecretBox>()
            .AddSingleton<SecretStore>()
            .AddSingleton<ISecrets>(static provider => provider.GetRequiredService<SecretStore>())
            .AddSingleton<HttpSender>()
            .AddSingleton<IParcelSender>(static provider => provider.GetRequiredService<HttpSender>())
            .AddSingleton<FunctionSender>()
            .AddSingleton<IParcelSender>(static provider => provider.GetRequiredService<FunctionSender>())
            .AddSingleton<BusSender>()
            .AddSingleton<IParcelSender>(static provider => provider.GetRequiredService<BusSender>())
            .AddSingleton(SmtpOptions.Read(configuration.Section("smtp")))
            .AddSingleton<EmailSender>()
            .AddSingleton<IParcelSender>(static provider => provider.GetRequiredService<EmailSender>())
            .AddSingleton(provider => new ObjectFiles(options.ObjectFolder!, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IObjects>(static provider => provider.GetRequiredService<ObjectFiles>())
            .AddSingleton<QueueStore>()
            .AddSingleton<IQueues>(static provider => provider.GetRequiredService<QueueStore>())
            .AddSingleton<StreamStore>()
            .AddSingleton<IStreams>(static provider => provider.GetRequiredService<StreamStore>())
            .AddSingleton(SeriesOptions.Read(configuration.Section("series")))
            .AddSingleton<SeriesStore>()
            .AddSingleton<ISeries>(static provider => provider.GetRequiredService<SeriesStore>())
            .AddSingleton<RuleMetrics>()
            .AddSingleton<IRuleMetrics>(static provider => provider.GetRequiredService<RuleMetrics>())
            .AddSingleton<AlarmStore>()
            .AddSingleton<IAlarms>(static provider => provider.GetRequiredService<AlarmStore>())
            .AddSingleton<LogGroups>()
            .AddSingleton<ILogGroups>(static provider => provider.GetRequiredService<LogGroups>())
            .AddSingleton<NotifyStore>()
            .AddSingleton<INotifications>(static provider => provider.GetRequiredService<NotifyStore>())
            .AddSingleton<ActionStores>()
            .AddSingleton<DeadLetters>()
            .AddSingleton<Deliveries>()
            .AddSingleton<IDeliveries>(static provider => provider.GetRequiredService<Deliveries>())
            .AddSingleton<IRuleLookups, RuleLookups>()
            .AddSingleton<RuleActions>()
            .AddSingleton<RulePlanner>()
            .AddSingleton<RuleEngine>()
            .AddSingleton<IRules>(static provider => provider.GetRequiredService<RuleEngine>())
            .AddSingleton<IRuleTraces, RuleTraces>()
            .AddSingleton<IRuleTrials, RuleTrials>()
            .AddHostedService(static provider => provider.GetRequiredService<FunctionRegistry>())
            .AddHostedService(static provider => provider.GetRequiredService<TableStore>())
            .AddHostedService(static provider => provider.GetRequiredService<SeriesStore>())
            .AddHostedService<ShadowSeries>()
            .AddHostedService(static provider => provider.GetRequiredService<RuleEngine>());
    }
}
