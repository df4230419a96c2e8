using EdgeGateway.Api;
using Microsoft.Extensions.Logging.Console;

namespace EdgeGateway.Hosting;

/// <summary>Logging to the console, which is the journal under systemd.</summary>
internal static class Logs
{
    public static void Add(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Start failures are told once, by the process's last line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConsole(static console => console.FormatterName = LineFormatter.FormatterName);
        var forJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
        logging.Services.AddSingleton<ConsoleFormatter>(provider => new LineFormatter(TimeProvider.System, forJournal, provider.GetService<GatewayLogLevel>()));
    }
}
