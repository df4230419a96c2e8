namespace EdgeGateway.Drivers;

/// <summary>Follows the Gray code of two contacts: bouncing goes back and forth and adds up to nothing.</summary>
internal sealed class Quadrature
{
    // Rows: A and B before (A high bit); columns: after. 2 marks a jump over a state, whose direction nobody knows.
    private static ReadOnlySpan<sbyte> Steps =>
    [
        0, -1, 1, 2,
        1, 0, 2, -1,
        -1, 2, 0, 1,
        2, 1, -1, 0,
    ];

    private int _state;

    /// <summary>Steps with A leading, less those with B leading.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the levels as they are, without a step.</summary>
    public void Set(bool a, bool b) => _state = State(a, b);

    /// <returns>+1, 0 or -1; null where a state was jumped over.</returns>
    public int? Move(bool a, bool b)
    {
        var next = State(a, b);
        var step = Steps[(_state * 4) + next];
        _state = next;
        if (step == 2)
            return null;
        Position += step;
        return step;
    }

    private static int State(bool a, bool b) => (a ? 2 : 0) | (b ? 1 : 0);
}
