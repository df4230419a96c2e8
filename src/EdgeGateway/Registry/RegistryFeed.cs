using System.Threading.Channels;
using EdgeGateway.Storage;

namespace EdgeGateway.Registry;

/// <summary>Hands the stored changes to the consumers, each at its own pace from its own stored place.</summary>
internal sealed partial class RegistryFeed(RegistryState state, Database database, RegistryOptions options, TimeProvider time, ILogger<RegistryFeed> logger)
    : IRegistryFeed
{
    private const int BatchSize = 100;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public event Action<RegistryChange>? Committed
    {
        add => state.Committed += value;
        remove => state.Committed -= value;
    }

    public async Task<IRegistryFollowing> FollowAsync(
        string consumer, Func<RegistryChange, CancellationToken, ValueTask> handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var (position, isNew) = await database.WriteAsync(connection =>
        {
            RegistryStore.DeleteConsumersBefore(connection, (now - options.FeedRetention).ToUnixTimeMilliseconds());
            var known = RegistryStore.Position(connection, consumer);
            var start = known ?? RegistryStore.Sequence(connection);
            RegistryStore.PutPosition(connection, consumer, start, now.ToUnixTimeMilliseconds());
            return (start, known is null);
        });
        return new Following(this, consumer, position, isNew, handler);
    }

    [LoggerMessage(4001, LogLevel.Warning, "Change {Sequence} of the registry was refused by {Consumer}; it gets it again in {PauseSeconds} s")]
    private partial void LogHandlerFailed(Exception exception, long sequence, string consumer, double pauseSeconds);

    private sealed class Following : IRegistryFollowing
    {
        private readonly RegistryFeed _feed;
        private readonly string _consumer;
        private readonly Func<RegistryChange, CancellationToken, ValueTask> _handler;
        private readonly CancellationTokenSource _stop = new();

        /// <summary>One token says that there is more; further ones say nothing new and are dropped.</summary>
        private readonly Channel<bool> _more = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        private readonly Task _loop;
        private long _position;

        public Following(RegistryFeed feed, string consumer, long position, bool isNew, Func<RegistryChange, CancellationToken, ValueTask> handler)
        {
            _feed = feed;
            _consumer = consumer;
            _position = position;
            _handler = handler;
            StartsAnew = isNew;
            _more.Writer.TryWrite(true);
            feed.Committed += OnCommitted;
            _loop = Task.Run(RunAsync);
        }

        public bool StartsAnew { get; }

        public async ValueTask DisposeAsync()
        {
            _feed.Committed -= OnCommitted;
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }

        private void OnCommitted(RegistryChange change) => _more.Writer.TryWrite(true);

        private async Task RunAsync()
        {
            try
            {
                while (await _more.Reader.WaitToReadAsync(_stop.Token))
                {
                    _more.Reader.TryRead(out _);
                    while (await DeliverBatchAsync())
                    {
                    }
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
        }

        /// <returns>False when there was nothing.</returns>
        private async Task<bool> DeliverBatchAsync()
        {
            var changes = _feed.Read(_position);
            if (changes.Count == 0)
                return false;
            var start = _position;
            try
            {
                foreach (var change in changes)
                {
                    await DeliverAsync(change);
                    _position = change.Sequence;
                }
            }
            finally
            {
                if (_position > start)
                    await _feed.KeepPlaceAsync(_consumer, _position);
            }
            return true;
        }

        private async Task DeliverAsync(RegistryChange change)
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    _stop.Token.ThrowIfCancellationRequested();
                    await _handler(change, _stop.Token);
                    return;
                }
#pragma warning disable CA1031 // Whatever a consumer throws, the change is still owed to it.
                catch (Exception ex) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    _feed.LogHandlerFailed(ex, change.Sequence, _consumer, pause.TotalSeconds);
                }
                await Task.Delay(pause, _feed.Time, _stop.Token);
            }
        }
    }

    private TimeProvider Time => time;

    private List<RegistryChange> Read(long position) => database.Read(connection => RegistryStore.ChangesAfter(connection, position, BatchSize));

    private Task KeepPlaceAsync(string consumer, long position)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(connection =>
        {
            RegistryStore.PutPosition(connection, consumer, position, now);
            RegistryStore.Prune(connection);
        });
    }
}
