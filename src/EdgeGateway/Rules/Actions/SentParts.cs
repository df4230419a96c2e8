namespace EdgeGateway.Rules.Actions;

/// <summary>Which receivers or parts of one firing have what they were to get, so that a second try leaves them out.</summary>
/// <remarks>Thread-safe. Most firings have nothing to note, so it holds nothing until then.</remarks>
internal sealed class SentParts
{
    private readonly Lock _gate = new(); // guards the list
    private List<(object Action, int Part)>? _parts;

    public bool Contains(object action, int part)
    {
        lock (_gate)
            return _parts?.Contains((action, part)) == true;
    }

    public void Add(object action, int part)
    {
        lock (_gate)
            (_parts ??= []).Add((action, part));
    }
}
