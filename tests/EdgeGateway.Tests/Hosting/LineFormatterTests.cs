using EdgeGateway.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class LineFormatterTests
{
    [Theory]
    [InlineData(LogLevel.Information, "<6>rules: hello [7001]")]
    [InlineData(LogLevel.Warning, "<4>rules: hello [7001]")]
    [InlineData(LogLevel.Critical, "<2>rules: hello [7001]")]
    public void Write_ForTheJournal_PriorityInFront(LogLevel level, string expected) =>
        Assert.Equal(expected, Format(forJournal: true, level, "EdgeGateway.Rules.Actions.Republish", "hello", exception: null));

    [Fact]
    public void Write_AtAShell_TimeInFront() =>
        Assert.Equal("00:00:00.000 warn  Microsoft.Kestrel: a | b [7001] — IOException: no | end", Format(forJournal: false, LogLevel.Warning, "Microsoft.Kestrel", "a\nb", new IOException("no\nend")));

    private static string Format(bool forJournal, LogLevel level, string category, string text, Exception? exception)
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        using var writer = new StringWriter();
        new LineFormatter(time, forJournal).Write(new LogEntry<string>(level, category, new EventId(7001), text, exception, static (state, _) => state), scopeProvider: null, writer);
        return writer.ToString().TrimEnd();
    }
}
