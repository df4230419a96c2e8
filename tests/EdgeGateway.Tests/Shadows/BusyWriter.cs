using EdgeGateway.Storage;

namespace EdgeGateway.Tests.Shadows;

/// <summary>Holds the storage writer until it is disposed.</summary>
internal sealed class BusyWriter : IDisposable
{
    private readonly ManualResetEventSlim _free = new();
    private readonly Task _write;

    public BusyWriter(Database database)
    {
        using var begun = new ManualResetEventSlim();
        _write = database.WriteAsync(_ =>
        {
            begun.Set();
            _free.Wait();
        });
        begun.Wait();
    }

    public void Dispose()
    {
        _free.Set();
        _write.GetAwaiter().GetResult();
    }
}
