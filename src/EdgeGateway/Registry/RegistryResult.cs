namespace EdgeGateway.Registry;

/// <summary>Outcome of a write: what is now, durable, or why nothing changed.</summary>
public abstract record RegistryResult<T>
{
    private RegistryResult()
    {
    }

    public sealed record Done(T Value) : RegistryResult<T>;

    public sealed record Refused(RegistryError Error) : RegistryResult<T>;

    public static implicit operator RegistryResult<T>(T value) => new Done(value);

    public static implicit operator RegistryResult<T>(RegistryError error) => new Refused(error);
}
