using System.Globalization;
using EdgeGateway.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeGateway.Hosting;

/// <summary>
/// One line a message: the slice, the text, the id. Under systemd the priority goes in front (sd-daemon(3)) and the journal keeps
/// the time; at a shell the time goes in front.
/// </summary>
/// <param name="level">Drops what nobody wants to read; null: everything is written.</param>
internal sealed class LineFormatter(TimeProvider time, bool forJournal, GatewayLogLevel? level = null) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (level?.IsWanted(logEntry.Category, logEntry.LogLevel, logEntry.State) == false)
            return;
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (forJournal)
            textWriter.Write($"<{Priority(logEntry.LogLevel)}>");
        else
            textWriter.Write($"{time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {Word(logEntry.LogLevel)} ");
        textWriter.Write($"{Slice(logEntry.Category)}: {OneLine(text)}");
        if (logEntry.EventId.Id != 0)
            textWriter.Write($" [{logEntry.EventId.Id}]");
        if (logEntry.Exception is { } exception)
            textWriter.Write($" — {OneLine(logEntry.LogLevel >= LogLevel.Error ? exception.ToString() : $"{exception.GetType().Name}: {exception.Message}")}");
        textWriter.WriteLine();
    }

    // EdgeGateway.Rules.Actions.RepublishAction → rules; other libraries keep their name.
    private static string Slice(string category)
    {
        var parts = category.Split('.');
        return parts is ["EdgeGateway", var slice, ..] ? slice.ToLowerInvariant() : category;
    }

    private static string OneLine(string text) => text.Contains('\n', StringComparison.Ordinal) ? text.ReplaceLineEndings(" | ") : text;

    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "fatal",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn ",
        LogLevel.Information => "info ",
        _ => "debug",
    };
}
