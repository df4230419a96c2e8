namespace EdgeGateway.Sync.State;

/// <summary>What decides between two changes of one leaf (docs/sync.md).</summary>
public enum MergeRule
{
    /// <summary>The gateway's own value.</summary>
    Local,

    /// <summary>The upstream's value.</summary>
    Cloud,

    /// <summary>The value written later; of the same time, the larger canonical JSON text, so that both ends choose alike.</summary>
    Latest,
}
