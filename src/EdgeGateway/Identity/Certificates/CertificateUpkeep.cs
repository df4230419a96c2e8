namespace EdgeGateway.Identity.Certificates;

/// <summary>Looks after what ages: the server certificate's renewal, and the clock floor on disk.</summary>
internal sealed partial class CertificateUpkeep(ServerCertificate server, ClockFloor clock, TimeProvider time, ILogger<CertificateUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan RenewalCheck = TimeSpan.FromMinutes(1);   // an address from DHCP should be in the certificate before somebody dials it
    private const int ChecksPerPersist = 60;                                   // one small write an hour: the SD card wears out

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RenewalCheck, time);
        for (var check = 0; ; check++)
        {
            if (check % ChecksPerPersist == 0)
                Persist();
            Renew();
            if (!await Next(timer, stoppingToken))
                break;
        }
        Persist();
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Renew()
    {
        try
        {
            if (server.Renew() is { } reason)
                LogRenewed(reason, server.NotAfter);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogRenewalFailed(fault, server.NotAfter);
        }
    }

    private void Persist()
    {
        try
        {
            clock.Persist();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogFloorNotKept(fault);
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Server certificate renewed because {Reason}; valid to {NotAfter:u}")]
    private partial void LogRenewed(string reason, DateTimeOffset notAfter);

    [LoggerMessage(3002, LogLevel.Warning, "Server certificate not renewed; the old one stays, valid to {NotAfter:u}")]
    private partial void LogRenewalFailed(Exception fault, DateTimeOffset notAfter);

    [LoggerMessage(3003, LogLevel.Warning, "The time floor could not be written: after a power cut the clock may be believed from further back")]
    private partial void LogFloorNotKept(Exception fault);
}
