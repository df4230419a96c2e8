namespace EdgeGateway.Sync.State;

/// <param name="Path">JSON pointer of what it changes.</param>
/// <param name="Patch">UTF-8 JSON for <c>state</c> of an update.</param>
internal sealed record PatchPiece(string Path, byte[] Patch);
