using EdgeGateway.Configuration;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Registry;

/// <summary>
/// The registry in memory and how it changes. Readers take <see cref="Current"/>, one committed state. Writes run one after the other on the
/// storage writer, each on the state its predecessors of the same group commit made (<see cref="_tip"/>), so that a hundred writes share a flush;
/// a state becomes current only once its commit is on disk. If a whole commit fails, the revision in the file is behind the tip's: the next write
/// notices and starts again from the file.
/// </summary>
internal sealed class RegistryState
{
    private readonly Database _database;
    private readonly GatewayOptions _gateway;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;

    /// <summary>
    /// Guards <see cref="_written"/> and makes states current in order. Held while <see cref="Committed"/> is raised, which is what keeps its order:
    /// its handlers only take note.
    /// </summary>
    private readonly Lock _publishing = new();
    private readonly Queue<(RegistrySnapshot State, IReadOnlyList<RegistryChange> Changes)> _written = new();

    private RegistrySnapshot _tip;                                                   // storage writer only
    private volatile RegistrySnapshot _current;

    public RegistryState(Database database, GatewayOptions gateway, RegistryOptions options, TimeProvider time)
    {
        _database = database;
        _gateway = gateway;
        _options = options;
        _time = time;
        _current = _tip = database.Read(RegistryStore.Load);
    }

    /// <summary>As <see cref="IRegistryFeed.Committed"/>.</summary>
    public event Action<RegistryChange>? Committed;

    public RegistrySnapshot Current => _current;

    /// <summary>Runs an operation; it sees every write before it.</summary>
    /// <returns>Completes when the write is durable and <see cref="Current"/> shows it.</returns>
    public async Task<RegistryResult<T>> WriteAsync<T>(Func<RegistryWrite, RegistryResult<T>> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();                            // later it is too late: the write goes on without its caller
        var (result, state) = await _database.WriteAsync(connection => Run(connection, operation));
        if (state is not null)
            Publish(state.Revision);
        return result;
    }

    private (RegistryResult<T> Result, RegistrySnapshot? State) Run<T>(SqliteConnection connection, Func<RegistryWrite, RegistryResult<T>> operation)
    {
        Recover(connection);
        var write = new RegistryWrite(connection, _tip, _time.GetUtcNow().ToUnixTimeMilliseconds(), _gateway, _options);
        var result = operation(write);
        if (!write.HasChanged)
            return (result, null);
        if (result is RegistryResult<T>.Refused)
            throw new InvalidOperationException("a refused write has changed something");
        var next = write.State with { Revision = _tip.Revision + 1 };
        RegistryStore.PutRevision(connection, next.Revision, next.Sequence);
        _tip = next;
        lock (_publishing)
            _written.Enqueue((next, write.Changes));
        return (result, next);
    }

    private void Recover(SqliteConnection connection)
    {
        var stored = RegistryStore.Revision(connection);
        if (stored == _tip.Revision)
            return;
        _tip = RegistryStore.Load(connection);
        lock (_publishing)
        {
            var kept = _written.Where(entry => entry.State.Revision <= stored).ToArray();
            _written.Clear();
            foreach (var entry in kept)
                _written.Enqueue(entry);
        }
    }

    private void Publish(long revision)
    {
        lock (_publishing)
        {
            while (_written.TryPeek(out var entry) && entry.State.Revision <= revision)
            {
                _written.Dequeue();
                _current = entry.State;
                foreach (var change in entry.Changes)
                    Committed?.Invoke(change);
            }
        }
    }
}
