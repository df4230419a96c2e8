using EdgeGateway.Pages.Live;
using Xunit;

namespace Console.Tests.Live;

public sealed class TopicMatchTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]       // [MQTT-4.7.1-2], the examples of §4.7.1.2
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/broker", false)]                                    // [MQTT-4.7.2-1]
    [InlineData("+/monitor/clients", "$SYS/monitor/clients", false)]
    [InlineData("$SYS/#", "$SYS/broker", true)]
    [InlineData("a/b", "a/B", false)]
    public void IsMatch_ByFilter_FollowsTheSpecification(string filter, string topic, bool matches) => Assert.Equal(matches, TopicMatch.IsMatch(filter, topic));

    [Theory]
    [InlineData("", false)]
    [InlineData("sport/tennis#", false)]
    [InlineData("sport/#/ranking", false)]
    [InlineData("sport+", false)]
    [InlineData("+/tennis/#", true)]
    [InlineData("#", true)]
    public void Fault_ByFilter_NamesWhatIsWrong(string filter, bool isGood) => Assert.Equal(isGood, TopicMatch.Fault(filter) is null);
}
