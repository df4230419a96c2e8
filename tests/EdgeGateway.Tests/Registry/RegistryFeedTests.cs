using System.Threading.Channels;
using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

public sealed class RegistryFeedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RegistryFixture _registry = new();
    private readonly Channel<RegistryChange> _seen = Channel.CreateUnbounded<RegistryChange>();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Follow_NewConsumer_GetsWhatComesInOrder()
    {
        Done(await _registry.CreateThing("before"));
        await using var following = await Follow();
        Assert.True(following.StartsAnew);
        Done(await _registry.CreateGroup("house"));
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.Join("lamp", "house"));
        Assert.Equal(RegistryChangeKind.ThingGroupCreated, (await Next()).Kind);
        Assert.Equal(RegistryChangeKind.ThingCreated, (await Next()).Kind);
        var joined = await Next();
        Assert.Equal((RegistryChangeKind.MembershipAdded, "lamp", "house"), (joined.Kind, joined.Name, joined.Other));
    }

    [Fact]
    public async Task Follow_WhileAway_GetsItAfterARestart()
    {
        await using (await Follow())
        {
            Done(await _registry.CreateThing("a"));
            Assert.Equal("a", (await Next()).Name);
        }
        Done(await _registry.CreateThing("b"));
        _registry.Restart();
        await using var again = await Follow();
        Assert.False(again.StartsAnew);
        var late = await Next();
        Assert.Equal("b", late.Name);
        Assert.Equal(_registry.Changes.Single(static change => change.Name == "b").EventId, late.EventId);
    }

    [Fact]
    public async Task Follow_HandlerThrows_SameChangeAgainAfterAPause()
    {
        var calls = 0;
        await using var following = await _registry.Feed.FollowAsync(
            "test",
            async (change, cancellationToken) =>
            {
                await _seen.Writer.WriteAsync(change, cancellationToken);
                if (++calls == 1)
                    throw new IOException("not today");
            },
            default);
        Done(await _registry.CreateThing("a"));
        var first = await Next();
        Task<RegistryChange> second = Next();
        while (!second.IsCompleted)                                                  // the pause starts some time after the throw
        {
            _registry.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(first.EventId, (await second).EventId);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Follow_AwayTooLong_StartsAnew()
    {
        await using (await Follow())
        {
        }
        _registry.Time.Advance(TimeSpan.FromDays(31));
        await using var again = await Follow();
        Assert.True(again.StartsAnew);
    }

    [Fact]
    public async Task Feed_AllConsumersHadIt_Pruned()
    {
        await using (await Follow())
        {
            Done(await _registry.CreateThing("a"));
            await Next();
        }
        Assert.Empty(_registry.Database.Read(static connection => RegistryStore.ChangesAfter(connection, 0, 10)));
    }

    private Task<IRegistryFollowing> Follow() => _registry.Feed.FollowAsync("test", _seen.Writer.WriteAsync, default);

    private Task<RegistryChange> Next() => _seen.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
