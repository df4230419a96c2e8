using System.Text;
using CsCheck;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Tests.Messaging;
using Xunit;

namespace EdgeGateway.Tests.Broker;

public sealed class SubscriptionIndexTests
{
    private sealed class Sink(string name) : IMessageSink
    {
        public string Name { get; } = name;

        public DurabilityTicket OnMessage(in MessageView message) => DurabilityTicket.None;
    }

    [Fact]
    public void RouteOf_AfterAnyChanges_EqualsThePlainReference() =>
        Gen.Select(Gen.Select(Gen.Bool, TopicsTests.FilterGen).List[1, 40], TopicsTests.TopicGen.List[1, 10]).Sample((changes, topics) =>
        {
            var index = new SubscriptionIndex(new());
            var present = new List<Subscription>();
            foreach (var (isAdded, filter) in changes)
            {
                if (isAdded || present.Count == 0)
                {
                    var subscription = new Subscription { Filter = Encoding.UTF8.GetBytes(filter), Sink = new Sink($"{present.Count} {filter}") };
                    index.Add(subscription);
                    present.Add(subscription);
                }
                else
                {
                    var removed = present[filter.Length % present.Count];
                    index.Remove(removed);
                    present.Remove(removed);
                }
                foreach (var topic in topics) // a route is asked for between the changes, too: the cache must not lie
                {
                    var found = index.RouteOf(Encoding.UTF8.GetBytes(topic), epoch: 0).Sinks.Select(static sink => ((Sink)sink).Name).Order();
                    var expected = present.Where(subscription => TopicsTests.Reference(Encoding.UTF8.GetString(subscription.Filter), topic)).Select(static subscription => ((Sink)subscription.Sink!).Name).Order();
                    Assert.Equal(expected, found);
                }
            }
            Assert.Equal(present.Count, index.Count);
        }, iter: 500);

    [Fact]
    public void RouteOf_SameTopicAgain_IsTheSameRoute_UntilItsFirstLevelChanges()
    {
        var index = new SubscriptionIndex(new());
        index.Add(new() { Filter = "a/b"u8.ToArray(), Sink = new Sink("1") });
        var route = index.RouteOf("a/b"u8, 0);
        Assert.Same(route, index.RouteOf("a/b"u8, 0));
        Assert.NotSame(route, index.RouteOf("a/b"u8, 1)); // policies changed
        index.Add(new() { Filter = "a/+"u8.ToArray(), Sink = new Sink("2") });
        Assert.Equal(2, index.RouteOf("a/b"u8, 0).Sinks.Length);
    }
}
