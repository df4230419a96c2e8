using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A PCA9685: asleep after power-on, answering at 0x70 too; the divider is taken asleep only, more than one byte with AI only.</summary>
public sealed class SimulatedPca9685 : SimulatedRegisterChip
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMicroseconds(500);

    private long _awakeAt;

    public SimulatedPca9685(TimeProvider time)
        : base(time) => PowerOn();

    public bool IsAsleep => (Peek(Pca9685Registers.Mode1) & Pca9685Registers.Sleep) != 0;

    /// <summary>True once the oscillator has started.</summary>
    public bool IsRunning => !IsAsleep && Time.GetElapsedTime(_awakeAt) >= StartTime;

    public bool AnswersAllCall => (Peek(Pca9685Registers.Mode1) & Pca9685Registers.AllCall) != 0;

    public byte Prescale => Peek(Pca9685Registers.Prescale);

    /// <summary>Steps of 4096 the output is on in each period; 0 while the chip sleeps.</summary>
    public int Steps(int output)
    {
        lock (Gate)
        {
            var registers = Registers.AsSpan(Pca9685Registers.FirstOutput + (output * 4), 4);
            if ((registers[3] & Pca9685Registers.Full) != 0 || (Registers[0] & Pca9685Registers.Sleep) != 0)
                return 0;
            if ((registers[1] & Pca9685Registers.Full) != 0)
                return Pca9685Registers.Steps;
            return (BinaryPrimitives.ReadUInt16LittleEndian(registers[2..]) - BinaryPrimitives.ReadUInt16LittleEndian(registers)) & 0xFFF;
        }
    }

    protected internal override bool Answers(int address, int home) =>
        address == home || (address == Pca9685Registers.AllCallAddress && (Registers[0] & Pca9685Registers.AllCall) != 0);

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Pca9685Registers.Mode1] = Pca9685Registers.Sleep | Pca9685Registers.AllCall;
        Registers[Pca9685Registers.Mode2] = Pca9685Registers.TotemPole;
        for (var output = 0; output < Pca9685Registers.Outputs; output++)
            Registers[Pca9685Registers.FirstOutput + (output * 4) + 3] = Pca9685Registers.Full;
        Registers[Pca9685Registers.Prescale] = 0x1E;
    }

    protected override bool IsWritable(byte register) => register != Pca9685Registers.Prescale || (Registers[0] & Pca9685Registers.Sleep) != 0;

    protected override void OnWritten(byte register, byte value)
    {
        if (register == Pca9685Registers.Mode1 && (value & Pca9685Registers.Sleep) == 0)
            _awakeAt = Time.GetTimestamp();
    }

    protected override byte Next(byte register) => (Registers[0] & Pca9685Registers.AutoIncrement) != 0 ? (byte)(register + 1) : register;
}
