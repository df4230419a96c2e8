using EdgeGateway.Api;
using EdgeGateway.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Api;

/// <summary>Levels of single groups, clients, addresses and principals decide what is written of them, whatever the rest has.</summary>
public sealed class GatewayLogLevelTests
{
    private readonly GatewayLogLevel _level = new();

    [Theory]
    [InlineData("CLIENT_ID", "lamp", true)]
    [InlineData("CLIENT_ID", "lam", false)]
    [InlineData("PRINCIPAL_ID", "ab12", true)]
    [InlineData("PRINCIPAL_ID", "lamp", false)]
    [InlineData("SOURCE_IP", "192.168.1.7", true)]
    [InlineData("SOURCE_IP", "192.168.1.8", false)]
    [InlineData("THING_GROUP", "house", true)]
    [InlineData("THING_GROUP", "garden", false)]
    public void Target_LowerThanTheDefault_ItsEntriesAreWritten(string type, string name, bool isWritten)
    {
        _level.Set(LogLevel.Warning, [new LogTarget(type, name, LogLevel.Debug)], GroupsOf);

        Assert.Equal(isWritten, Writes(LogLevel.Information, Connected("lamp", "[::ffff:192.168.1.7]:5000", "ab12")));
        Assert.False(Writes(LogLevel.Information, Connected("other", "10.0.0.1:5000", "cd34")));
        Assert.True(Writes(LogLevel.Warning, Connected("other", "10.0.0.1:5000", "cd34")));
        Assert.Equal(LogLevel.Debug, Filter());                       // the filter lets through what one target wants
    }

    [Fact]
    public void Target_HigherThanTheDefault_ItsEntriesAreLeftOut()
    {
        _level.Set(LogLevel.Information, [new LogTarget("THING_GROUP", "house", LogLevel.None)], GroupsOf);

        Assert.False(Writes(LogLevel.Error, Connected("lamp", "10.0.0.1:5000", "ab12")));
        Assert.True(Writes(LogLevel.Information, Connected("other", "10.0.0.1:5000", "ab12")));
        Assert.True(Writes(LogLevel.Information, [new("Thing", "other"), new("Certificate", "ab12")]));
        Assert.False(Writes(LogLevel.Information, [new("Thing", "lamp"), new("Certificate", "ab12")]));
        Assert.False(Writes(LogLevel.Debug, [new("Sensor", "attic")]));
        Assert.True(Writes(LogLevel.Information, [new("Sensor", "attic")]));
    }

    [Fact]
    public void Targets_SeveralMatch_TheMostTalkativeDecides()
    {
        _level.Set(LogLevel.Error, [new LogTarget("THING_GROUP", "house", LogLevel.None), new LogTarget("CLIENT_ID", "lamp", LogLevel.Information)], GroupsOf);

        Assert.True(Writes(LogLevel.Information, Connected("lamp", "10.0.0.1:5000", "ab12")));
        Assert.False(Writes(LogLevel.Critical, Connected("heater", "10.0.0.1:5000", "ab12")));
    }

    [Fact]
    public void OtherLibraries_AreNotConcerned()
    {
        _level.Set(LogLevel.None, [new LogTarget("CLIENT_ID", "lamp", LogLevel.Debug)], GroupsOf);

        Assert.True(Writes(LogLevel.Warning, [new("ClientId", "other")], "Microsoft.AspNetCore.Server.Kestrel"));
    }

    private static IReadOnlyList<string> GroupsOf(string thing) => thing is "lamp" or "heater" ? ["room", "house"] : [];

    private static KeyValuePair<string, object?>[] Connected(string client, string address, string principal) =>
        [new("ClientId", client), new("Address", address), new("Principal", principal), new("{OriginalFormat}", "")];

    private LogLevel? Filter()
    {
        var options = new LoggerFilterOptions();
        _level.Configure(options);
        return Assert.Single(options.Rules).LogLevel;
    }

    private bool Writes(LogLevel level, KeyValuePair<string, object?>[] state, string category = "EdgeGateway.Gateway.MqttConnection")
    {
        using var writer = new StringWriter();
        new LineFormatter(new FakeTimeProvider(), forJournal: true, _level).Write(
            new LogEntry<KeyValuePair<string, object?>[]>(level, category, new EventId(1003), state, exception: null, static (_, _) => "text"), scopeProvider: null, writer);
        return writer.ToString().Length > 0;
    }
}
