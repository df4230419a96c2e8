using EdgeGateway.Drivers.Hardware;

namespace Drivers.Tests.Hardware;

/// <summary>The structs the kernel is given have the sizes its request numbers carry (linux/gpio.h; bits 16 to 29 of a request).</summary>
public sealed class KernelLayoutTests
{
    [Fact]
    public void GpioStructs_HaveTheKernelsSizes() => Assert.All(CharacterDeviceGpioDriver.Layout, entry => Assert.Equal((int)(entry.Request >> 16) & 0x3FFF, entry.Size));

    [Fact]
    public void GpioLineEvent_HasTheKernelsSize() => Assert.Equal(48, CharacterDeviceGpioDriver.EventSize);
}
