using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Jobs;

public static class JobServices
{
    /// <summary>Needs <see cref="Database"/>, <see cref="IMessageBus"/> and the registry from elsewhere.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<MigrationSet>(JobStore.Migrations)
        .AddSingleton<JobEvents>()
        .AddSingleton<JobService>()
        .AddSingleton<IJobs>(static provider => provider.GetRequiredService<JobService>())
        .AddHostedService<JobDevices>()
        .AddHostedService<JobClock>();
}
