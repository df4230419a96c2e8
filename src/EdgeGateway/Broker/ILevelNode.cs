namespace EdgeGateway.Broker;

/// <summary>A node of a topic trie as <see cref="LevelTable{TNode}"/> sees it.</summary>
internal interface ILevelNode
{
    byte[] Level { get; }
    int LevelHash { get; }
    bool IsRemoved { get; }
}
