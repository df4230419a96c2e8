// SPDX-License-Identifier: GPL-2.0
/*
 * gwsim: simulated I2C, SPI and 1-Wire masters, for tests in a virtual machine.
 *
 * Each bus is a real kernel bus, so programs reach it through the real i2c-dev,
 * spidev and w1_therm drivers:
 *   /dev/i2c-<i2c_bus>            chips made of register memory
 *   /dev/spidev<spi_bus>.0        an MCP3008 / MCP3208 A/D converter
 *   /dev/spidev<spi_bus>.1        a loopback (MISO wired to MOSI)
 *   /sys/bus/w1/devices/28-*      DS18B20 thermometers
 *
 * Tests drive it through /sys/devices/gwsim/ctl, one command a write:
 *   i2c add ADDR byte|word|addr16|raw [SIZE]    (ADDR, REG, MASK: hexadecimal)
 *   i2c del ADDR
 *   i2c fault ADDR ERRNO COUNT      the next COUNT transfers fail (-1: all, 0: none)
 *   i2c delay ADDR MICROSECONDS     each transfer takes that long
 *   i2c autoclear ADDR REG MASK V   after a write with (value & MASK) == V these bits
 *                                   read 0 (a "start" bit that the chip resets)
 *   w1 add|del FF-IIIIIIIIIIII      ROM code as sysfs writes it
 *   w1 temp ROM MILLIDEGREES        what the next conversion measures
 *   w1 badcrc ROM 0|1               wrong scratchpad CRC
 *   spi adc CHANNEL VALUE
 *   spi fault ERRNO COUNT
 * and /sys/devices/gwsim/i2c-ADDR is the chip's memory (read and write at any
 * offset, also while the program under test reads the chip);
 * /sys/devices/gwsim/stat counts the transfers.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/i2c.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spi/spi.h>
#include <linux/sysfs.h>
#include <linux/w1.h>

static int i2c_bus = 1;
module_param(i2c_bus, int, 0444);
MODULE_PARM_DESC(i2c_bus, "number of the I2C bus (-1: none)");
static int spi_bus;
module_param(spi_bus, int, 0444);
MODULE_PARM_DESC(spi_bus, "number of the SPI bus (-1: none)");
static bool w1_bus = true;
module_param(w1_bus, bool, 0444);
MODULE_PARM_DESC(w1_bus, "make a 1-Wire master");

static struct device *root;
static DEFINE_MUTEX(lock);

/* ---- I2C ---------------------------------------------------------------- */

enum mode { BYTE, WORD, ADDR16, RAW };
static const char * const mode_names[] = { "byte", "word", "addr16", "raw" };
#define CLEARS 8

struct chip {
	struct list_head node;
	u16 addr;
	enum mode mode;
	u32 ptr, size, delay;
	u8 *mem;
	int fault, fault_count;
	struct { u8 reg, mask, value; } clear[CLEARS];
	int clears;
	u64 reads, writes, faults;
	char name[12];
	struct bin_attribute attr;
};
static LIST_HEAD(chips);

static struct chip *chip_find(u16 addr)
{
	struct chip *c;

	list_for_each_entry(c, &chips, node)
		if (c->addr == addr)
			return c;
	return NULL;
}

static void chip_put(struct chip *c, u8 v)
{
	u32 at = c->ptr++ % c->size;
	int i;

	for (i = 0; c->mode == BYTE && i < c->clears; i++)
		if (c->clear[i].reg == at && (v & c->clear[i].mask) == c->clear[i].value)
			v &= ~c->clear[i].mask;
	c->mem[at] = v;
}

static int chip_msg(struct chip *c, struct i2c_msg *m)
{
	int head = c->mode == ADDR16 ? 2 : 1, i;

	if (m->flags & I2C_M_RD) {
		c->reads++;
		if (c->mode == RAW)
			c->ptr = 0;
		for (i = 0; i < m->len; i++)
			m->buf[i] = c->mem[c->ptr++ % c->size];
		return 0;
	}
	c->writes++;
	if (c->mode == RAW)	/* a command: kept in the upper half for the test to read */
		c->ptr = c->size / 2, head = 0;
	else if (m->len >= head)
		c->ptr = c->mode == ADDR16 ? m->buf[0] << 8 | m->buf[1] :
			 c->mode == WORD ? m->buf[0] * 2 : m->buf[0];
	for (i = head; i < m->len; i++)
		chip_put(c, m->buf[i]);
	return 0;
}

static int sim_xfer(struct i2c_adapter *a, struct i2c_msg *msgs, int num)
{
	u32 wait = 0;
	int i, ret = num;

	mutex_lock(&lock);
	for (i = 0; i < num; i++) {
		struct chip *c = chip_find(msgs[i].addr);

		if (!c) {
			ret = -EREMOTEIO;	/* what i2c-bcm2835 answers for a NACK */
			break;
		}
		wait = max(wait, c->delay);
		if (c->fault_count) {
			if (c->fault_count > 0)
				c->fault_count--;
			c->faults++;
			ret = -c->fault;
			break;
		}
		chip_msg(c, &msgs[i]);
	}
	mutex_unlock(&lock);
	if (wait)
		usleep_range(wait, wait + 50);
	return ret;
}

static u32 sim_func(struct i2c_adapter *a)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;	/* as i2c-bcm2835 */
}

static const struct i2c_algorithm sim_algo = {
	.master_xfer = sim_xfer,
	.functionality = sim_func,
};

static struct i2c_adapter adapter = {
	.owner = THIS_MODULE,
	.class = 0,
	.algo = &sim_algo,
	.name = "gwsim i2c",
};

static ssize_t mem_read(struct file *f, struct kobject *k, struct bin_attribute *b,
			char *buf, loff_t off, size_t n)
{
	struct chip *c = b->private;

	mutex_lock(&lock);
	memcpy(buf, c->mem + off, n);	/* sysfs keeps off + n within attr.size */
	mutex_unlock(&lock);
	return n;
}

static ssize_t mem_write(struct file *f, struct kobject *k, struct bin_attribute *b,
			 char *buf, loff_t off, size_t n)
{
	struct chip *c = b->private;

	mutex_lock(&lock);
	memcpy(c->mem + off, buf, n);
	mutex_unlock(&lock);
	return n;
}

static int chip_add(u16 addr, enum mode mode, u32 size)
{
	struct chip *c;
	int err;

	if (addr > 0x7f || size < 2 || size > 65536)
		return -EINVAL;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->mem = kzalloc(size, GFP_KERNEL);
	if (!c->mem) {
		kfree(c);
		return -ENOMEM;
	}
	c->addr = addr;
	c->mode = mode;
	c->size = size;
	snprintf(c->name, sizeof(c->name), "i2c-%02x", addr);
	sysfs_bin_attr_init(&c->attr);
	c->attr.attr.name = c->name;
	c->attr.attr.mode = 0600;
	c->attr.size = size;
	c->attr.private = c;
	c->attr.read = mem_read;
	c->attr.write = mem_write;
	err = sysfs_create_bin_file(&root->kobj, &c->attr);	/* -EEXIST: the address is taken */
	if (err) {
		kfree(c->mem);
		kfree(c);
		return err;
	}
	mutex_lock(&lock);
	list_add_tail(&c->node, &chips);
	mutex_unlock(&lock);
	return 0;
}

static int chip_del(u16 addr)
{
	struct chip *c;

	mutex_lock(&lock);
	c = chip_find(addr);
	if (c)
		list_del(&c->node);
	mutex_unlock(&lock);
	if (!c)
		return -ENODEV;
	sysfs_remove_bin_file(&root->kobj, &c->attr);
	kfree(c->mem);
	kfree(c);
	return 0;
}

static int i2c_ctl(const char *s)
{
	unsigned int addr, a, b, v;
	char word[8];
	int n, m, err = 0;
	struct chip *c;

	n = sscanf(s, "add %x %7s %u", &addr, word, &a);
	if (n >= 2) {
		m = match_string(mode_names, ARRAY_SIZE(mode_names), word);
		return m < 0 ? m : chip_add(addr, m, n == 3 ? a : 256);
	}
	if (strncmp(s, "delay", 5) && sscanf(s, "del %x", &addr) == 1)	/* "ay" begins with a hex digit */
		return chip_del(addr);
	mutex_lock(&lock);
	if (sscanf(s, "fault %x %u %d", &addr, &a, &n) == 3) {
		c = chip_find(addr);
		if (!c)
			err = -ENODEV;
		else if (!a || a > 4000)
			err = -EINVAL;
		else
			c->fault = a, c->fault_count = n;
	} else if (sscanf(s, "delay %x %u", &addr, &a) == 2) {
		c = chip_find(addr);
		if (!c)
			err = -ENODEV;
		else
			c->delay = a;
	} else if (sscanf(s, "autoclear %x %x %x %x", &addr, &a, &b, &v) == 4) {
		c = chip_find(addr);
		if (!c)
			err = -ENODEV;
		else if (c->clears == CLEARS)
			err = -ENOSPC;
		else {
			c->clear[c->clears].reg = a;
			c->clear[c->clears].mask = b;
			c->clear[c->clears++].value = v;
		}
	} else {
		err = -EINVAL;
	}
	mutex_unlock(&lock);
	return err;
}

/* ---- SPI ---------------------------------------------------------------- */

static struct spi_controller *spi;
static u16 adc[8];
static int spi_fault, spi_fault_count;
static u64 spi_count;

static int sim_spi(struct spi_controller *ctlr, struct spi_device *dev, struct spi_transfer *x)
{
	const u8 *tx = x->tx_buf;
	u8 *rx = x->rx_buf;
	int ret = 0, ch;

	mutex_lock(&lock);
	spi_count++;
	if (spi_fault_count) {
		if (spi_fault_count > 0)
			spi_fault_count--;
		ret = -spi_fault;
	} else if (rx && dev == dev_get_drvdata(root)) {	/* chip select 1 */
		if (tx)
			memcpy(rx, tx, x->len);
		else
			memset(rx, 0, x->len);
	} else if (rx) {
		memset(rx, 0, x->len);
		if (tx && x->len >= 3 && tx[0] == 1) {		/* MCP3008: 10 bits */
			ch = tx[1] >> 4 & 7;
			rx[1] = adc[ch] >> 8 & 3;
			rx[2] = adc[ch];
		} else if (tx && x->len >= 3 && tx[0] & 4) {	/* MCP3208: 12 bits */
			ch = (tx[0] & 1) << 2 | tx[1] >> 6;
			rx[1] = adc[ch] >> 8 & 15;
			rx[2] = adc[ch];
		}
	}
	mutex_unlock(&lock);
	return ret;
}

static int spi_ctl(const char *s)
{
	unsigned int a, b;
	int n, err = 0;

	mutex_lock(&lock);
	if (sscanf(s, "adc %u %u", &a, &b) == 2 && a < 8 && b < 4096)
		adc[a] = b;
	else if (sscanf(s, "fault %u %d", &a, &n) == 2 && a && a < 4000)
		spi_fault = a, spi_fault_count = n;
	else
		err = -EINVAL;
	mutex_unlock(&lock);
	return err;
}

static int spi_start(void)
{
	/* spidev refuses the plain name "spidev"; "bk4" is one of the names it takes. */
	struct spi_board_info info = { .modalias = "bk4", .max_speed_hz = 1000000 };
	struct spi_device *d;
	int err, cs;

	spi = spi_alloc_master(root, 0);
	if (!spi)
		return -ENOMEM;
	spi->bus_num = spi_bus;
	spi->num_chipselect = 2;
	spi->mode_bits = SPI_CPOL | SPI_CPHA | SPI_CS_HIGH | SPI_LSB_FIRST | SPI_NO_CS;
	spi->bits_per_word_mask = SPI_BPW_MASK(8);
	spi->transfer_one = sim_spi;
	err = spi_register_controller(spi);
	if (err) {
		spi_controller_put(spi);
		spi = NULL;
		return err;
	}
	for (cs = 0; cs < 2; cs++) {
		info.chip_select = cs;
		d = spi_new_device(spi, &info);
		if (!d)
			return -ENODEV;
		if (cs == 1)
			dev_set_drvdata(root, d);
	}
	return 0;
}

/* ---- 1-Wire ------------------------------------------------------------- */

struct therm {
	struct list_head node;
	u64 rom;
	int temp;		/* millidegrees */
	bool badcrc;
	u8 pad[9];
};
static LIST_HEAD(therms);
static struct therm *picked;
static enum { ST_IDLE, ST_ROM, ST_MATCH, ST_FUNC, ST_WRITE } w1_state;
static u8 w1_in[8], w1_out[9];
static int w1_in_n, w1_out_n, w1_out_at;
static u64 w1_resets;

static struct therm *therm_find(u64 rom)
{
	struct therm *t;

	list_for_each_entry(t, &therms, node)
		if (t->rom == rom)
			return t;
	return NULL;
}

static void therm_crc(struct therm *t)
{
	t->pad[8] = w1_calc_crc8(t->pad, 8) ^ (t->badcrc ? 0x55 : 0);
}

static u8 sim_w1_reset(void *data)
{
	bool none;

	mutex_lock(&lock);
	w1_resets++;
	none = list_empty(&therms);
	picked = NULL;
	w1_state = ST_ROM;
	w1_out_n = w1_out_at = 0;
	mutex_unlock(&lock);
	return none;
}

static void w1_answer(const void *p, int n)
{
	memcpy(w1_out, p, n);
	w1_out_n = n;
	w1_out_at = 0;
}

static void w1_function(u8 b)
{
	int raw;

	w1_in_n = 0;
	switch (b) {
	case 0x44:	/* convert */
		raw = DIV_ROUND_CLOSEST(picked->temp * 16, 1000);
		picked->pad[0] = raw;
		picked->pad[1] = raw >> 8;
		break;
	case 0xbe:	/* read the scratchpad */
		therm_crc(picked);
		w1_answer(picked->pad, 9);
		break;
	case 0x4e:	/* write TH, TL and the resolution */
		w1_state = ST_WRITE;
		break;
	}		/* power supply, copy, recall: an all-ones answer is right */
}

static void sim_w1_write(void *data, u8 b)
{
	u64 rom = 0;
	int i;

	mutex_lock(&lock);
	switch (w1_state) {
	case ST_ROM:
		w1_in_n = 0;
		w1_state = ST_IDLE;
		if (b == 0x55) {
			w1_state = ST_MATCH;
		} else if ((b == 0xcc || b == 0x33) && !list_empty(&therms)) {
			picked = list_first_entry(&therms, struct therm, node);
			w1_state = ST_FUNC;
			if (b == 0x33)
				w1_answer(&picked->rom, 8);
		}
		break;
	case ST_MATCH:
		w1_in[w1_in_n++] = b;
		if (w1_in_n == 8) {
			for (i = 7; i >= 0; i--)
				rom = rom << 8 | w1_in[i];
			picked = therm_find(rom);
			w1_state = picked ? ST_FUNC : ST_IDLE;
		}
		break;
	case ST_FUNC:
		w1_function(b);
		break;
	case ST_WRITE:
		picked->pad[2 + w1_in_n++] = b;
		if (w1_in_n == 3)
			w1_state = ST_IDLE;
		break;
	case ST_IDLE:
		break;
	}
	mutex_unlock(&lock);
}

static u8 sim_w1_read(void *data)
{
	u8 b = 0xff;

	mutex_lock(&lock);
	if (w1_out_at < w1_out_n)
		b = w1_out[w1_out_at++];
	mutex_unlock(&lock);
	return b;
}

/* w1_therm asks for the power supply bit by bit: 1, it has one */
static u8 sim_w1_touch_bit(void *data, u8 bit)
{
	return bit;
}

static void sim_w1_search(void *data, struct w1_master *m, u8 type, w1_slave_found_callback found)
{
	u64 roms[16];
	struct therm *t;
	int n = 0, i;

	mutex_lock(&lock);
	list_for_each_entry(t, &therms, node)
		if (n < ARRAY_SIZE(roms))
			roms[n++] = t->rom;
	mutex_unlock(&lock);
	for (i = 0; i < n; i++)		/* found() talks to the thermometer: not under the lock */
		found(m, roms[i]);
}

static struct w1_bus_master w1_sim = {
	.reset_bus = sim_w1_reset,
	.write_byte = sim_w1_write,
	.read_byte = sim_w1_read,
	.touch_bit = sim_w1_touch_bit,
	.search = sim_w1_search,
};

static int w1_ctl(const char *s)
{
	static const u8 pad[8] = { 0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10 };
	unsigned int family;
	unsigned long long id;
	char word[8];
	struct therm *t;
	int v = 0, n, err = 0, i;
	u8 raw[8];
	u64 rom;

	n = sscanf(s, "%7s %x-%llx %d", word, &family, &id, &v);
	if (n < 3 || family > 0xff || id >> 48)
		return -EINVAL;
	rom = id << 8 | family;
	for (i = 0; i < 7; i++)
		raw[i] = rom >> 8 * i;
	rom |= (u64)w1_calc_crc8(raw, 7) << 56;
	mutex_lock(&lock);
	t = therm_find(rom);
	if (!strcmp(word, "add")) {
		if (t) {
			err = -EEXIST;
		} else if (!(t = kzalloc(sizeof(*t), GFP_KERNEL))) {
			err = -ENOMEM;
		} else {
			t->rom = rom;
			t->temp = 85000;	/* the value before the first conversion */
			memcpy(t->pad, pad, sizeof(pad));
			list_add_tail(&t->node, &therms);
		}
	} else if (!t) {
		err = -ENODEV;
	} else if (!strcmp(word, "del")) {
		list_del(&t->node);
		if (picked == t) {
			picked = NULL;
			w1_state = ST_IDLE;
		}
		kfree(t);
	} else if (n == 4 && !strcmp(word, "temp")) {
		t->temp = v;
	} else if (n == 4 && !strcmp(word, "badcrc")) {
		t->badcrc = v;
	} else {
		err = -EINVAL;
	}
	mutex_unlock(&lock);
	return err;
}

/* ---- control ------------------------------------------------------------ */

static ssize_t ctl_store(struct device *d, struct device_attribute *a, const char *buf, size_t n)
{
	int err = -EINVAL;

	if (!strncmp(buf, "i2c ", 4) && i2c_bus >= 0)
		err = i2c_ctl(buf + 4);
	else if (!strncmp(buf, "spi ", 4) && spi)
		err = spi_ctl(buf + 4);
	else if (!strncmp(buf, "w1 ", 3) && w1_bus)
		err = w1_ctl(buf + 3);
	return err ? err : n;
}
static DEVICE_ATTR_WO(ctl);

static ssize_t stat_show(struct device *d, struct device_attribute *a, char *buf)
{
	struct chip *c;
	int n = 0;

	mutex_lock(&lock);
	list_for_each_entry(c, &chips, node)
		n += sysfs_emit_at(buf, n, "i2c %02x reads %llu writes %llu faults %llu\n",
				   c->addr, c->reads, c->writes, c->faults);
	n += sysfs_emit_at(buf, n, "spi transfers %llu\nw1 resets %llu\n", spi_count, w1_resets);
	mutex_unlock(&lock);
	return n;
}
static DEVICE_ATTR_RO(stat);

static void stop(void)
{
	struct therm *t, *u;

	if (w1_bus)
		w1_remove_master_device(&w1_sim);
	if (spi)
		spi_unregister_controller(spi);
	if (i2c_bus >= 0)
		i2c_del_adapter(&adapter);
	while (!list_empty(&chips))
		chip_del(list_first_entry(&chips, struct chip, node)->addr);
	list_for_each_entry_safe(t, u, &therms, node)
		kfree(t);
	device_remove_file(root, &dev_attr_ctl);
	device_remove_file(root, &dev_attr_stat);
	root_device_unregister(root);
}

static int __init gwsim_init(void)
{
	int err;

	root = root_device_register("gwsim");
	if (IS_ERR(root))
		return PTR_ERR(root);
	if (i2c_bus >= 0) {
		adapter.nr = i2c_bus;
		adapter.dev.parent = root;
		err = i2c_add_numbered_adapter(&adapter);
		if (err)
			goto no_i2c;
	}
	if (spi_bus >= 0) {
		err = spi_start();
		if (err)
			goto no_spi;
	}
	if (w1_bus) {
		err = w1_add_master_device(&w1_sim);
		if (err)
			goto no_spi;
	}
	err = device_create_file(root, &dev_attr_ctl);
	if (!err)
		err = device_create_file(root, &dev_attr_stat);
	if (err)
		stop();
	return err;
no_spi:
	if (spi)
		spi_unregister_controller(spi);
	if (i2c_bus >= 0)
		i2c_del_adapter(&adapter);
no_i2c:
	root_device_unregister(root);
	return err;
}

static void __exit gwsim_exit(void)
{
	stop();
}

module_init(gwsim_init);
module_exit(gwsim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("simulated I2C, SPI and 1-Wire masters for tests");
