using EdgeGateway.Configuration;
using EdgeGateway.Storage.Backup;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Everything the gateway keeps, out and in again, while it runs; for administrators (<see cref="RequestGuard"/>).</summary>
internal static partial class BackupEndpoints
{
    public static void MapBackup(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1").WithTags("Backup");
        group.MapGet("/backup", Get);
        group.MapPost("/restore", PostAsync);
    }

    private static Results<PushStreamHttpResult, ProblemHttpResult> Get(HttpContext context, GatewayOptions gateway, TimeProvider time)
    {
        try
        {
            var copy = new BackupWriter(gateway.DataFolder, ProductVersion.Current, time).Copy(context.RequestAborted);
            context.Response.RegisterForDispose(copy);
            return TypedResults.Stream(stream => copy.SendAsync(stream, context.RequestAborted), "application/gzip");
        }
        catch (BackupException ex)
        {
            return Problems.Unavailable(ex.Message);
        }
    }

    /// <summary>Checks the archive, answers, and stops the host: the process starts it again with the restored state.</summary>
    private static async Task<Results<Accepted, ProblemHttpResult>> PostAsync(
        HttpContext context, GatewayOptions gateway, IHostApplicationLifetime lifetime, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null; // as large as the state
        try
        {
            await Restore.StageAsync(gateway.DataFolder, context.Request.Body, cancellationToken);
        }
        catch (BackupException ex)
        {
            return Problems.BadRequest(ex.Message);
        }
        LogRestarting(loggers.CreateLogger("EdgeGateway.Api"), context.Features.Get<Caller>()?.Actor);
        context.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return TypedResults.Accepted((string?)null);
    }

    [LoggerMessage(9070, LogLevel.Warning, "{Actor} restores a backup: starting again with it")]
    private static partial void LogRestarting(ILogger logger, string? actor);
}
