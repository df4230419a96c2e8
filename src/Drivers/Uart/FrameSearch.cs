namespace EdgeGateway.Drivers;

/// <summary>What was found in bytes that came from a line.</summary>
/// <param name="Skip">Bytes before the first that may begin a frame: garbage.</param>
/// <param name="Length">Bytes of the frame that begins there; 0 where it is not whole yet.</param>
/// <param name="HasBadChecksum">A frame of the right shape was skipped for its checksum.</param>
internal readonly record struct FrameSearch(int Skip, int Length, bool HasBadChecksum = false);
