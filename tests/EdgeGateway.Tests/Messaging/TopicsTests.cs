using CsCheck;
using EdgeGateway.Messaging;
using Xunit;

namespace EdgeGateway.Tests.Messaging;

public sealed class TopicsTests
{
    [Theory] // the examples of MQTT 5.0 §4.7
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "anything/at/all", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/a", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    [InlineData("a", "A", false)]
    public void Matches_Examples(string filter, string topic, bool expected) => Assert.Equal(expected, Topics.Matches(filter, topic));

    [Theory]
    [InlineData("", false)]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("/", true)]
    [InlineData("a/#", true)]
    [InlineData("a/#/b", false)] // [MQTT-4.7.1-1]
    [InlineData("a#", false)]
    [InlineData("a/b#", false)]
    [InlineData("+a", false)] // [MQTT-4.7.1-2]
    [InlineData("a+/b", false)]
    [InlineData("+/+/#", true)]
    [InlineData("a\0b", false)] // [MQTT-4.7.3-2]
    public void IsValidFilter_Examples(string filter, bool expected) => Assert.Equal(expected, Topics.IsValidFilter(filter));

    [Fact]
    public void IsValidName_TooLongOrNotUtf8_IsFalse()
    {
        Assert.True(Topics.IsValidName(new string('a', 65535)));
        Assert.False(Topics.IsValidName(new string('a', 65536)));
        Assert.False(Topics.IsValidName([0xC0, 0xAF]));
        Assert.False(Topics.IsValidName("a/+"));
    }

    [Fact]
    public void Matches_EqualsThePlainReference() =>
        Gen.Select(FilterGen, TopicGen).Sample((filter, topic) => Assert.Equal(Reference(filter, topic), Topics.Matches(filter, topic)), iter: 20_000);

    internal static Gen<string> TopicGen => Level(4).List[1, 5].Select(static levels => string.Join('/', levels)).Where(static topic => topic.Length > 0);

    internal static Gen<string> FilterGen => Gen.Select(Level(5).List[1, 5], Gen.Bool)
        .Select(static (levels, hash) => string.Join('/', hash ? [.. levels, "#"] : levels)).Where(static filter => filter.Length > 0 && Topics.IsValidFilter(filter));

    private static Gen<string> Level(int kinds) => Gen.Int[0, kinds - 1].Select(static kind => ((string[])["a", "b", "", "$x", "+"])[kind]);

    // Straight from the standard's words, slow and plain.
    internal static bool Reference(string filter, string topic)
    {
        var filterLevels = filter.Split('/');
        var topicLevels = topic.Split('/');
        if (topic[0] == '$' && (filterLevels[0] == "+" || filterLevels[0] == "#"))
            return false;
        for (var i = 0; i < filterLevels.Length; i++)
        {
            if (filterLevels[i] == "#")
                return topicLevels.Length >= i;
            if (i >= topicLevels.Length || (filterLevels[i] != "+" && filterLevels[i] != topicLevels[i]))
                return false;
        }
        return filterLevels.Length == topicLevels.Length;
    }

    [Fact]
    public void Properties_WrittenAndReadBack_AreTheSame()
    {
        var properties = MessageProperties.Create(
            [new("a", "1"), new("a", "2"), new("ü", "")], "text/plain", "answers/1", [1, 2, 3], 60, payloadIsUtf8: true)!;
        Assert.Equal("text/plain", properties.ContentType);
        Assert.Equal("answers/1", properties.ResponseTopic);
        Assert.Equal([1, 2, 3], properties.CorrelationData!.Value.ToArray());
        Assert.Equal(60u, properties.MessageExpirySeconds);
        Assert.True(properties.PayloadIsUtf8);
        Assert.Equal([new("a", "1"), new("a", "2"), new("ü", "")], properties.UserProperties);
        Assert.Null(MessageProperties.Create());
    }
}
