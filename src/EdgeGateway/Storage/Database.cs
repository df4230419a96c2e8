using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Storage;

/// <summary>
/// The SQLite file of the gateway: registry, certificates, policies, shadows, rules, users. One writer thread commits what is
/// waiting as one transaction (group commit), so that many small writes share one flush; a caller's task completes after the
/// commit is on disk (WAL, synchronous FULL). Readers have connections of their own and see the last commit.
/// </summary>
public sealed class Database : IDisposable
{
    private const int MaxGroup = 1000;
    private readonly Channel<IWrite> _writes = Channel.CreateBounded<IWrite>(new BoundedChannelOptions(4 * MaxGroup) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Thread _thread;
    private long _commits;
    private int _pending;

    private Database(string file, SqliteConnection writer, string connectionString)
    {
        File = file;
        _writer = writer;
        _connectionString = connectionString;
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    /// <summary>Path of the database file.</summary>
    public string File { get; }

    /// <summary>Transactions committed since the start; each costs one flush.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Writes handed over and not answered yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Opens or creates the file and brings its tables up to date.</summary>
    /// <exception cref="DatabaseCorruptException">The file is damaged; nothing was changed.</exception>
    /// <exception cref="DatabaseTooNewException">A later version of the gateway wrote it.</exception>
    public static Database Open(string file, IEnumerable<MigrationSet> migrations)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 30 }.ToString();
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4096;");
            using (var check = connection.CreateCommand())
            {
                check.CommandText = "PRAGMA quick_check(1)";
                if (check.ExecuteScalar() is not "ok")
                    throw new DatabaseCorruptException(file, null);
            }
            foreach (var set in migrations)
                Migrate(connection, file, set);
            return new(file, connection, connectionString);
        }
        catch (SqliteException ex) when (ex.SqliteErrorCode is 11 or 26) // SQLITE_CORRUPT, SQLITE_NOTADB
        {
            connection.Dispose();
            throw new DatabaseCorruptException(file, ex);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs on the writer thread inside the current group's transaction, under a savepoint of its own.</summary>
    /// <returns>Completes after the commit is durable. A write that throws is rolled back alone, and its exception is the caller's.</returns>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write)
    {
        var work = new Write<T>(write);
        Interlocked.Increment(ref _pending);
        if (!_writes.Writer.TryWrite(work))
            return Enqueue(work);
        return work.Task;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteConnection> write) => WriteAsync<object?>(connection =>
    {
        write(connection);
        return null;
    });

    /// <summary>Reads the last committed state, on the caller's thread.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        if (!_readers.TryTake(out var connection))
        {
            connection = new SqliteConnection(_connectionString);
            connection.Open();
            Execute(connection, "PRAGMA query_only=ON; PRAGMA cache_size=-1024;");
        }
        try
        {
            return read(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    /// <summary>Copies a consistent state to another file while the gateway runs.</summary>
    public void BackupTo(string file)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        target.Open();
        Read(source =>
        {
            source.BackupDatabase(target);
            return true;
        });
    }

    public void Dispose()
    {
        if (_writes.Writer.TryComplete())
        {
            _thread.Join();
            _writer.Dispose();
            while (_readers.TryTake(out var reader))
                reader.Dispose();
        }
    }

    private async Task<T> Enqueue<T>(Write<T> work)
    {
        try
        {
            await _writes.Writer.WriteAsync(work);
        }
        catch (ChannelClosedException)
        {
            Interlocked.Decrement(ref _pending);
            throw;
        }
        return await work.Task;
    }

    private void WriteLoop()
    {
        var group = new List<IWrite>();
        var reader = _writes.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < MaxGroup && reader.TryRead(out var write))
                group.Add(write);
            Commit(group);
        }
    }

    private void Commit(List<IWrite> group)
    {
        try
        {
            Execute(_writer, "BEGIN IMMEDIATE");
            foreach (var write in group)
                RunOne(write);
            Execute(_writer, "COMMIT");
            Interlocked.Increment(ref _commits);
        }
        catch (SqliteException ex)
        {
            if (!SQLitePCL.raw.sqlite3_get_autocommit(_writer.Handle!).Equals(1))
                Execute(_writer, "ROLLBACK");
            foreach (var write in group)
                write.Fail(ex);
            Interlocked.Add(ref _pending, -group.Count);
            return;
        }
        foreach (var write in group)
            write.Complete();
        Interlocked.Add(ref _pending, -group.Count);
    }

    private void RunOne(IWrite write)
    {
        Execute(_writer, "SAVEPOINT one");
        if (!write.Run(_writer))
            Execute(_writer, "ROLLBACK TO one");
        Execute(_writer, "RELEASE one");
    }

    private static void Migrate(SqliteConnection connection, string file, MigrationSet set)
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_migration (slice TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (slice, number)) WITHOUT ROWID");
        long done;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT coalesce(max(number), 0) FROM schema_migration WHERE slice = $slice";
            command.Parameters.AddWithValue("$slice", set.Slice);
            done = (long)command.ExecuteScalar()!;
        }
        if (done > set.Steps.Count)
            throw new DatabaseTooNewException(file, set.Slice, done, set.Steps.Count);
        for (var number = done + 1; number <= set.Steps.Count; number++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = set.Steps[(int)number - 1];
            command.ExecuteNonQuery();
            command.CommandText = "INSERT INTO schema_migration (slice, number) VALUES ($slice, $number)";
            command.Parameters.AddWithValue("$slice", set.Slice);
            command.Parameters.AddWithValue("$number", number);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private interface IWrite
    {
        /// <returns>False: it threw, and what it did must be undone.</returns>
        bool Run(SqliteConnection connection);
        void Complete();
        void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> write) : IWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;

        public Task<T> Task => _done.Task;

        public bool Run(SqliteConnection connection)
        {
            try
            {
                _result = write(connection);
                return true;
            }
#pragma warning disable CA1031 // Whatever a write throws belongs to its caller, never to the others of the group.
            catch (Exception ex)
#pragma warning restore CA1031
            {
                _failure = ex;
                return false;
            }
        }

        public void Complete()
        {
            if (_failure is null)
                _done.SetResult(_result!);
            else
                _done.SetException(_failure);
        }

        public void Fail(Exception exception) => _done.SetException(_failure ?? exception);
    }
}
