namespace EdgeGateway.Rules.Sql;

/// <summary>An aggregate under way over the messages of one window and group. Null and Undefined are ignored.</summary>
internal abstract class SqlAccumulator
{
    /// <param name="time">Of the message, Unix milliseconds.</param>
    public abstract void Add(IReadOnlyList<SqlValue> arguments, long time);

    /// <param name="end">When the window ends, Unix milliseconds.</param>
    /// <returns>Undefined where nothing was added.</returns>
    public abstract SqlValue Result(long end);

    /// <summary>All it knows, as a value that can be written as JSON.</summary>
    public abstract SqlValue Save();

    public abstract void Load(SqlValue state);
}
