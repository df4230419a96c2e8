using EdgeGateway.Jobs.Commands;
using EdgeGateway.Jobs.Streams;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Jobs;

public static class JobServices
{
    /// <summary>Needs <see cref="Database"/>, <see cref="IMessageBus"/>, <see cref="IStreamContents"/> and the registry from elsewhere.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<MigrationSet>(JobStore.Migrations)
        .AddSingleton<JobEvents>()
        .AddSingleton<JobService>()
        .AddSingleton<IJobs>(static provider => provider.GetRequiredService<JobService>())
        .AddSingleton<IInstalledPackages>(static provider => provider.GetRequiredService<JobService>())
        .AddHostedService<JobDevices>()
        .AddHostedService<JobClock>()
        .AddSingleton<MigrationSet>(FileStreams.Migrations)
        .AddSingleton<IFileStreams, FileStreams>()
        .AddHostedService<StreamDevices>()
        .AddSingleton<MigrationSet>(CommandStore.Migrations)
        .AddSingleton<CommandService>()
        .AddSingleton<ICommands>(static provider => provider.GetRequiredService<CommandService>())
        .AddHostedService(static provider => provider.GetRequiredService<CommandService>());
}
